import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from './repository.js';
import type { Servers } from './servers/servers.js';
import { temporaryFolder } from './temporary-folder.js';

/** What a hostile suite of the gateway reports about itself. */
export interface HostileSuite {
  readonly suite: string;
  readonly cases: number;
  readonly slowest: readonly { readonly name: string; readonly longestBlockMs: number }[];
}

export interface HostileResult {
  readonly suites: readonly HostileSuite[];
  /** Whether every case passed. */
  readonly passed: boolean;
}

/** Runs the gateway's hostile suites, embedded and on these servers, and collects how long each case blocked it. */
export async function runHostileInput(servers: Servers): Promise<HostileResult> {
  await using folder = await temporaryFolder('naru-figures-');
  const file = join(folder.path, 'figures.jsonl');
  await rm(file, { force: true });
  const vitest = join(repository, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--project', '@naru/gateway', 'src/hostile'];
  const child = spawn(process.execPath, args, {
    cwd: repository,
    env: { ...process.env, ...servers.env, NARU_FIGURES: file, NARU_REQUIRE_REAL: '1' },
    stdio: ['ignore', 2, 2],
  });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  const lines = await readFile(file, 'utf8').catch(() => '');
  return {
    suites: lines
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as HostileSuite),
    passed: code === 0,
  };
}

const begin = '<!-- hostile -->';
const end = '<!-- /hostile -->';

/** The document with these figures in place of the older ones. */
export function withHostileInput(document: string, { suites, passed }: HostileResult, machine: string): string {
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`The document has no ${begin} … ${end}.`);
  const body = [
    begin,
    '',
    `${machine}${passed ? '' : ' — **not every case passed**'}.`,
    '',
    '| suite | cases | longest block of the event loop, the slowest cases |',
    '|---|---|---|',
    ...suites.map(
      ({ suite, cases, slowest }) =>
        `| ${suite} | ${cases} | ${slowest.map(({ name, longestBlockMs }) => `${Math.round(longestBlockMs)} ms (${name.replaceAll('|', '¦')})`).join(', ')} |`,
    ),
    '',
  ];
  return `${document.slice(0, from)}${body.join('\n')}${document.slice(to)}`;
}
