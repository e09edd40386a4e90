import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A process of ours: its first line on stdout says that it is ready, its stderr is kept for when it fails. */
export interface Child {
  readonly readyLine: string;
  /** Resolves when it ends by itself or was stopped: its exit code, null after a signal. */
  readonly exited: Promise<number | null>;
  /** Asks it to stop and resolves with its exit code; null when it had to be killed. */
  stop(): Promise<number | null>;
}

export interface ChildOptions {
  /** How it is called in messages. */
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly onStderr: (line: string) => void;
}

/** How long a process may take to say that it is ready, and to stop. */
const readyWithinMs = 60_000;
const stopWithinMs = 40_000;
const keptLines = 20;

export function startChild({ name, args, env, onStderr }: ChildOptions): Promise<Child> {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const lastLines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    lastLines.push(line);
    if (lastLines.length > keptLines) lastLines.shift();
    onStderr(line);
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));

  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
    const code = await exited;
    clearTimeout(timer);
    return code;
  };

  return new Promise((resolve, reject) => {
    let ready = false;
    const fail = (what: string): void => {
      clearTimeout(timer);
      if (ready) return;
      child.kill('SIGKILL');
      reject(new Error([`The ${name} ${what}. Its last lines:`, ...lastLines].join('\n  ')));
    };
    const timer = setTimeout(() => fail(`was not ready after ${readyWithinMs / 1_000} s`), readyWithinMs);
    child.once('error', (error) => fail(`could not be started: ${error.message}`));
    void exited.then((code) => fail(`ended with ${code} before it was ready`));
    createInterface({ input: child.stdout }).once('line', (readyLine) => {
      clearTimeout(timer);
      ready = true;
      resolve({ readyLine, exited, stop });
    });
  });
}
