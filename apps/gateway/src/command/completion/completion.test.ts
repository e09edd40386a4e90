import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createProgram } from '../program.js';
import { bashCompletion } from './bash-completion.js';
import { type Completable, completables } from './completable.js';
import { fishCompletion } from './fish-completion.js';
import { zshCompletion } from './zsh-completion.js';

let commands: readonly Completable[];
beforeAll(async () => {
  commands = completables(await createProgram());
});

/** Each runs a script in its shell and answers what it offers for the last word. */
const shells: Readonly<Record<string, (words: readonly string[]) => string[]>> = {
  bash: (words) =>
    linesOf('bash', [
      '-c',
      `${bashCompletion(commands)}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _naru; printf '%s\\n' "\${COMPREPLY[@]}"`,
      'bash',
      ...words,
    ]),
  // The widgets that show completions need a terminal; these say what they are given.
  zsh: (words) =>
    linesOf('zsh', [
      '-f',
      '-c',
      `compdef() { }
compset() { words[CURRENT]="\${words[CURRENT]#*=}" }
_files() { print -l -- \${words[CURRENT]}*(N) }
_describe() { local one; for one in \${(P)2}; do one=\${one%%:*}; [[ $one == \${words[CURRENT]}* ]] && print -r -- $one; done }
${zshCompletion(commands)}
words=("$@"); CURRENT=$#; _naru; true`,
      'zsh',
      ...words,
    ]),
  fish: (words) =>
    linesOf('fish', ['--no-config', '-c', `${fishCompletion(commands)}\ncomplete -C "$argv[1]"`, words.join(' ')]).map(
      (line) => line.split('\t')[0]!,
    ),
};

function linesOf(shell: string, args: readonly string[]): string[] {
  return execFileSync(shell, args, { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'ignore'] })
    .toString()
    .split('\n')
    .filter((line) => line !== '');
}

const isThere = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

describe.each(Object.entries(shells))('completion in %s', (shell, complete) => {
  test.skipIf(!isThere(shell))('offers commands, and what is below them', { timeout: 60_000 }, () => {
    expect(complete(['naru', 't'])).toEqual(['tap']);
    expect(complete(['naru', 'dlq', '']).sort()).toEqual(['ls', 'replay', 'show']);
    expect(complete(['naru', 'breaker', 'op'])).toEqual(['open']);
  });

  test.skipIf(!isThere(shell))('offers options, also those of the command above', { timeout: 60_000 }, () => {
    expect(complete(['naru', 'dlq', 'replay', '--dr'])).toEqual(['--dry-run']);
    expect(complete(['naru', 'connect', 'upbit', 'trade', '--u'])).toEqual(['--url']);
    expect(complete(['naru', 'breaker', 'open', 'a/b', '--co'])).toEqual(['--config']);
  });

  test.skipIf(!isThere(shell))('offers what an argument takes, at its place', { timeout: 60_000 }, () => {
    expect(complete(['naru', 'connect', 'up'])).toEqual(['upbit']);
    expect(complete(['naru', 'connect', 'upbit', 'tr'])).toEqual(['trade']);
    expect(complete(['naru', 'connect', '--ttl', '5', 'upbit', '']).sort()).toEqual(['orderbook', 'ticker', 'trade']);
    expect(complete(['naru', 'connect', 'upbit', 'trade', 'up'])).toEqual([]);
    expect(complete(['naru', 'tap', 'realtime.trade.k'])).toEqual(['realtime.trade.korea']);
    expect(complete(['naru', 'completion', 'z'])).toEqual(['zsh']);
  });

  test.skipIf(!isThere(shell))('offers what an option takes, and files', { timeout: 60_000 }, () => {
    expect(complete(['naru', 'parse', '--exchange', 'up'])).toEqual(['upbit']);
    expect(complete(['naru', 'parse', '--exchange', 'upbit', '--kind', 'o'])).toEqual(['orderbook']);
    expect(complete(['naru', 'connect', 'upbit', 'trade', '--ttl', ''])).toEqual([]);
    expect(complete(['naru', 'run', '--config', 'completion.tes'])).toEqual(['completion.test.ts']);
  });
});

test('an option joined with its value is completed too', { timeout: 60_000 }, () => {
  const bash = shells.bash!;
  // As bash splits it.
  expect(bash(['naru', 'parse', '--exchange', '=', 'up'])).toEqual(['upbit']);
  expect(bash(['naru', 'parse', '--kind', '='])).toEqual(['ticker', 'trade', 'orderbook']);
  if (isThere('zsh')) expect(shells.zsh!(['naru', 'parse', '--exchange=up'])).toEqual(['upbit']);
});

test('no description breaks out of its quotes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'naru-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const program = new Command('naru').addCommand(
    new Command('x').description('It\'s `date` $(date) "q" \\ here.').option('--y <z>', "isn't: $HOME"),
  );
  const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };
  for (const [shell, script] of Object.entries(scripts)) {
    if (!isThere(shell)) continue;
    const file = join(folder, shell);
    await writeFile(file, script(completables(program)));
    const checked = spawnSync(shell, ['-n', file]);
    expect(checked.stderr.toString(), shell).toBe('');
  }
});
