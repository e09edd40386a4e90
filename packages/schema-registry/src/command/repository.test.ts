import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runSchemasCommand } from './program.js';

const cwd = fileURLToPath(new URL('../..', import.meta.url));

async function run(...args: readonly string[]): Promise<{ code: number; text: string }> {
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line);
  const code = await runSchemasCommand(args, { cwd, out: print, err: print });
  return { code, text: lines.join('\n') };
}

describe("this repository's schemas", () => {
  it('are valid, and each has its subject', async () => {
    expect(await run('check', '--dir', '../../schemas')).toMatchObject({ code: 0 });
    const { text } = await run('list', '--dir', '../../schemas');
    for (const line of [
      /^connect-requests-value +BACKWARD +connect_request\.avsc$/m,
      /^error-events-value +BACKWARD +error_event\.avsc$/m,
      /^metrics-events-value +BACKWARD +metrics_event\.avsc$/m,
      /^ticker-data-value +FORWARD +ticker_data\.avsc$/m,
    ]) {
      expect(text).toMatch(line);
    }
  });

  it('have TypeScript types that are current: "pnpm --filter @naru/schema-registry generate" brings them up to date', async () => {
    const { scripts } = JSON.parse(await readFile(`${cwd}/package.json`, 'utf8')) as { scripts: { generate: string } };
    const args = scripts.generate.split(' ').slice(2);
    expect(existsSync(`${cwd}/${args[args.indexOf('--out') + 1]}`)).toBe(true);
    expect(await run(...args, '--check')).toMatchObject({ code: 0 });
  });
});
