import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import type { ServerProcess } from '@naru/infra';
import { endAtExit } from '../left-over.js';
import { until } from '../wait.js';

/** One real server, to be ended and begun again with its command line, its data and its port. */
export class Server {
  readonly name: string;
  readonly port: number;
  readonly #program: string;
  readonly #title: string;
  readonly #args: readonly string[];
  readonly #directory: string;
  #pid: number;
  #child: ChildProcess | undefined;

  constructor({ name, pid, port }: ServerProcess, directory: string) {
    this.name = name;
    this.port = port;
    this.#pid = pid;
    this.#directory = directory;
    this.#program = readlinkSync(`/proc/${pid}/exe`);
    const [title = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    // Redis is one program under several names, and writes its title over its arguments.
    this.#title = title.split(' ')[0] ?? title;
    this.#args =
      name === 'redis' ? ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'] : args;
  }

  /** Ends it as a power cut would, and resolves when nothing listens any more. */
  async kill(): Promise<void> {
    process.kill(this.#pid, 'SIGKILL');
    await until(`the end of ${this.name}`, 30, async () => !(await this.#accepts()));
  }

  /** Starts it again and resolves when it takes connections. */
  async restart(): Promise<void> {
    this.#child = spawn(this.#program, this.#args, { argv0: this.#title, stdio: 'ignore', cwd: this.#directory });
    this.#pid = this.#child.pid ?? this.#pid;
    const child = this.#child;
    child.once(
      'exit',
      endAtExit(() => child.kill('SIGKILL')),
    );
    await until(`the start of ${this.name}`, 90, () => this.#accepts());
  }

  /** Ends what `restart` began; what the infrastructure tool began is its own to end. */
  async close(): Promise<void> {
    if (this.#child && this.#child.exitCode === null && this.#child.signalCode === null) await this.kill();
  }

  #accepts(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port: this.port }, () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
  }
}
