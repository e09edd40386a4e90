import { programs } from '../repository.js';
import { Child } from './child.js';

export interface Accounts {
  readonly received: number;
  readonly acknowledged: number;
  readonly conflated: number;
  readonly dropped: number;
  readonly buffered: number;
}

/** What `/streams` answers, as far as it counts here. */
export interface StreamsAnswer {
  readonly totals: Accounts;
  readonly streams: readonly {
    readonly target: { readonly exchange: string; readonly region: string; readonly request_type: string };
    readonly accounts: Accounts;
    /** Null when this gateway does not hold the stream. */
    readonly stream: { readonly symbols: readonly string[]; readonly confirmed: number } | null;
  }[];
}

/** What `/spool` answers, as far as it counts here. */
export interface SpoolAnswer {
  readonly messages: number;
  readonly bytes: number;
  /** What the disk refused last, while it does. */
  readonly failure: { readonly code: string } | null;
}

export interface GatewayOptions {
  readonly name: string;
  /** Of its operations, which answer before it takes commands. */
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  /** Words before its command line. */
  readonly behind: readonly string[];
}

/** `naru run` as a process, configured by its environment like any other. */
export class Gateway {
  readonly #child: Child;
  readonly #operations: string;
  /** Of each code in its log, how many lines carry it. */
  readonly #said = new Map<string, number>();
  /** The last that was heard of its accounts: what a killed one leaves behind. */
  last: StreamsAnswer | undefined;

  constructor({ name, port, env, behind }: GatewayOptions) {
    this.#operations = `http://127.0.0.1:${port}`;
    this.#child = new Child({
      name,
      args: [programs.gateway, 'run'],
      env: { ...process.env, ...env, NARU_OPERATIONS_PORT: String(port) },
      behind,
      onLine: (line) => {
        const code = /"code":"([a-z_]+)"/.exec(line)?.[1];
        if (code) this.#said.set(code, this.timesSaid(code) + 1);
      },
    });
  }

  get name(): string {
    return this.#child.name;
  }

  get isRunning(): boolean {
    return this.#child.isRunning;
  }

  get lastLines(): string {
    return this.#child.lastLines;
  }

  /** How many lines of its log carry an error's code. */
  timesSaid(code: string): number {
    return this.#said.get(code) ?? 0;
  }

  /** Resolves when it takes commands. */
  async ready(): Promise<this> {
    await this.#child.ready();
    return this;
  }

  /** Whether it answers at all; it may hold streams before it takes commands. */
  async isAlive(): Promise<boolean> {
    try {
      return (await fetch(`${this.#operations}/livez`, { signal: AbortSignal.timeout(2_000) })).ok;
    } catch {
      return false;
    }
  }

  /** Its streams, or what was last heard when it does not answer. */
  async streams(): Promise<StreamsAnswer | undefined> {
    if (!this.isRunning) return this.last;
    try {
      const response = await fetch(`${this.#operations}/streams`, { signal: AbortSignal.timeout(2_000) });
      this.last = (await response.json()) as StreamsAnswer;
    } catch {
      // Frozen or just gone: what it said last stands.
    }
    return this.last;
  }

  /** Its spool; undefined when it has none. */
  async spool(): Promise<SpoolAnswer | undefined> {
    const response = await fetch(`${this.#operations}/spool`, { signal: AbortSignal.timeout(2_000) });
    const { spool } = (await response.json()) as { readonly spool: { readonly spool: SpoolAnswer } | null };
    return spool?.spool;
  }

  kill(): Promise<void> {
    return this.#child.kill();
  }

  stop(): Promise<number | null> {
    return this.#child.stop();
  }

  /** Stops its clock without ending it, as a suspended machine does. */
  freeze(): void {
    this.#child.signal('SIGSTOP');
  }

  thaw(): void {
    this.#child.signal('SIGCONT');
  }
}
