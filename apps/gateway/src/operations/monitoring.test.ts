import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const read = (path: string): string => readFileSync(`${root}/${path}`, 'utf8');
const alerts = read('apps/gateway/monitoring/alerts.yaml');
const operations = read('docs/operations.md');

/** Names in a PromQL expression, without the suffixes that a histogram's parts have. */
function namesIn(expressions: readonly string[]): string[] {
  const names = expressions.flatMap(
    (text) => text.match(/\b(?:gateway|naru|circuit|process|nodejs)_[a-z0-9_]+\b/g) ?? [],
  );
  return [...new Set(names.map((name) => name.replace(/_(bucket|sum|count)$/, '')))].sort();
}

/** What is registered under that name: by prom-client itself, or written in the sources of the gateway and its packages. */
function servedNames(): Set<string> {
  const defaults = new Registry();
  collectDefaultMetrics({ register: defaults });
  const folders = [...readdirSync(`${root}/packages`).map((name) => `packages/${name}/src`), 'apps/gateway/src'];
  const sources = folders
    .flatMap((folder) =>
      readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
    )
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => read(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''));
  const written = sources.flatMap((text) => [...text.matchAll(/['"]((?:gateway|naru|circuit)_[a-z0-9_]+)['"]/g)]);
  return new Set([...defaults.getMetricsAsArray().map(({ name }) => name), ...written.map(([, name]) => name!)]);
}

const served = servedNames();
const dashboard = JSON.parse(read('apps/gateway/monitoring/dashboard.json'));
const expressions: string[] = dashboard.panels.flatMap((panel: { targets: { expr: string }[] }) =>
  panel.targets.map(({ expr }) => expr),
);

describe('every metric that is asked for is one that the gateway serves', () => {
  test.each([
    ['the dashboard', expressions],
    ['the alert rules', [...alerts.matchAll(/expr: (.*)$/gm)].map(([, expression]) => expression!)],
    ['the operations guide', [operations]],
  ])('in %s', (_, texts) => {
    const names = namesIn(texts);
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !served.has(name))).toEqual([]);
  });
});

test('every alert has its line in the operations guide, and the other way round', () => {
  const named = [...alerts.matchAll(/alert: (\w+)/g)].map(([, name]) => name);
  const described = [...operations.matchAll(/^\| (Naru\w+) \|/gm)].map(([, name]) => name);
  expect(described.sort()).toEqual(named.sort());
});
