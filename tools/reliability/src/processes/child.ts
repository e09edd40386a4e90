import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { endAtExit } from '../left-over.js';

export interface ChildOptions {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Words before the command line: a program that becomes it, such as `onSmallDisk`. */
  readonly behind?: readonly string[];
  /** Gets every line on stderr. */
  readonly onLine?: (line: string) => void;
}

const keptLines = 40;

/** A Node process of a course; the first line on stdout says that it is ready. */
export class Child {
  readonly name: string;
  readonly process: ChildProcess;
  readonly exited: Promise<number | null>;
  readonly #lines: string[] = [];
  readonly #ready: Promise<string>;

  constructor({ name, args, env = process.env, behind = [], onLine }: ChildOptions) {
    this.name = name;
    const [program = process.execPath, ...words] = [...behind, process.execPath, ...args];
    const child = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.process = child;
    const ended = endAtExit(() => child.kill('SIGKILL'));
    this.exited = new Promise((resolve) =>
      child.once('exit', (code) => {
        ended();
        resolve(code);
      }),
    );
    createInterface({ input: child.stderr! }).on('line', (line) => {
      onLine?.(line);
      this.#lines.push(line.slice(0, 500));
      if (this.#lines.length > keptLines) this.#lines.shift();
    });
    this.#ready = new Promise((resolve, reject) => {
      createInterface({ input: child.stdout! }).once('line', resolve);
      child.once('error', reject);
      void this.exited.then((code) => reject(new Error(`The ${name} ended with ${code}.\n${this.lastLines}`)));
    });
    // Whoever does not wait for it need not be told.
    this.#ready.catch(() => {});
  }

  /** The first line on stdout; rejects when it ends before. */
  ready(): Promise<string> {
    return this.#ready;
  }

  get lastLines(): string {
    return this.#lines.join('\n');
  }

  get isRunning(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** Sends a signal; nothing when it has ended. */
  signal(name: NodeJS.Signals): void {
    if (this.isRunning) this.process.kill(name);
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.exited;
  }

  /** Asks it to stop; its exit code, null when it had to be killed. */
  async stop(withinSeconds = 60): Promise<number | null> {
    this.signal('SIGTERM');
    const timer = setTimeout(() => this.signal('SIGKILL'), withinSeconds * 1_000);
    const code = await this.exited;
    clearTimeout(timer);
    return code;
  }
}
