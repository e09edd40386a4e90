import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { CommandFailure } from '../command/ending/command-failure.js';

/** A process that the command starts: its first line on stdout says that it is ready. */
export interface Child extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly readyLine: string;
  /** Asks it to stop; resolves with its exit code, null when it had to be killed. Safe to call twice. */
  stop(): Promise<number | null>;
}

export interface ChildOptions {
  /** How it is called in messages. */
  readonly name: string;
  /** Arguments of Node: script and what follows. */
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Opens a channel for messages beside its output, and sends this first. */
  readonly message?: object;
}

/** How long a process may take to say that it is ready, and to stop. */
const readyWithinMs = 60_000;
const stopWithinMs = 60_000;
const keptLines = 20;

/** Starts a Node process and resolves when it is ready; one that is not in time is killed and its last lines told. */
export function startChild({ name, args, env = process.env, message }: ChildOptions): Promise<Child> {
  const child = spawn(process.execPath, args, {
    env,
    stdio: ['ignore', 'pipe', 'pipe', ...(message ? ['ipc' as const] : [])],
  });
  // That it is gone already is told by its exit.
  if (message) child.send(message, () => {});
  const lastLines: string[] = [];
  createInterface({ input: child.stderr! }).on('line', (line) => {
    lastLines.push(line);
    if (lastLines.length > keptLines) lastLines.shift();
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));

  let stopping: Promise<number | null> | undefined;
  const stopOnce = async (): Promise<number | null> => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
    const code = await exited;
    clearTimeout(timer);
    return code;
  };
  const stop = (): Promise<number | null> => {
    stopping ??= stopOnce();
    return stopping;
  };

  return new Promise((resolve, reject) => {
    const fail = (what: string): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new CommandFailure('failed', [`The ${name} ${what}. Its last lines:`, ...lastLines].join('\n  ')));
    };
    const timer = setTimeout(() => fail(`was not ready after ${readyWithinMs / 1_000} s`), readyWithinMs);
    child.once('error', (error) => fail(`could not be started: ${error.message}`));
    void exited.then((code) => fail(`ended with ${code} before it was ready`));
    createInterface({ input: child.stdout! }).once('line', (readyLine) => {
      clearTimeout(timer);
      resolve({ process: child, readyLine, stop, [Symbol.asyncDispose]: async () => void (await stop()) });
    });
  });
}
