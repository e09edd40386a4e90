import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const naru = fileURLToPath(new URL('../../bin/naru.js', import.meta.url));

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a shell does, with nothing of our environment but the path. */
export function runNaru(
  args: readonly string[],
  { input = '', env = {} }: { input?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Ran> {
  return new Promise((resolve) => {
    const { PATH } = process.env;
    const child = execFile(process.execPath, [naru, ...args], { env: { PATH, ...env } }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
    child.stdin?.end(input);
  });
}

/** Starts it and leaves it running. */
export function startNaru(args: readonly string[]): ChildProcess {
  const { PATH } = process.env;
  return spawn(process.execPath, [naru, ...args], { env: { PATH }, stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Every line of stdout as JSON. */
export function jsonLines({ stdout }: Pick<Ran, 'stdout'>): unknown[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
