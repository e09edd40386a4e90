import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
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

export interface Running {
  readonly child: ChildProcess;
  /** What it wrote, with its exit code; null where a signal killed it. */
  readonly ended: Promise<Omit<Ran, 'code'> & { readonly code: number | null }>;
}

/** Starts it and leaves it running. */
export function startNaru(args: readonly string[], { env = {} }: { readonly env?: NodeJS.ProcessEnv } = {}): Running {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [naru, ...args], {
    env: { PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk) => {
      written[name] += chunk;
    });
  }
  return { child, ended: once(child, 'close').then(([code]) => ({ ...written, code })) };
}

/** Every line of stdout as JSON. */
export function jsonLines({ stdout }: Pick<Ran, 'stdout'>): unknown[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
