import type { RequestType } from '@naru/core';
import type { KnownTrade } from '../accounts/market-reader.js';
import { programs } from '../repository.js';
import { Child } from './child.js';

/** What one sequence has sent, as the simulator tells it. */
export interface SentSequence {
  readonly exchange: string;
  readonly kind: RequestType;
  readonly code: string;
  /** Live frames; indices 0 to `sent - 1`. */
  readonly sent: number;
  /** Of them those made while no socket was open. */
  readonly unheard: number;
}

/** The exchanges as a process: their sequences go on whether somebody listens or not. */
export class Simulator {
  readonly host: string;
  readonly seed: number;
  readonly #child: Child;

  private constructor(child: Child, host: string, seed: number) {
    this.#child = child;
    this.host = host;
    this.seed = seed;
  }

  static async start(seed: number, faults: readonly string[] = []): Promise<Simulator> {
    const child = new Child({
      name: 'simulator',
      args: [
        programs.simulator,
        ...['--port', '0', '--rate', '0', '--seed', String(seed), '--unattended'],
        ...faults.flatMap((fault) => ['--fault', fault]),
      ],
    });
    const host = /ws:\/\/([^/\s]+)/.exec(await child.ready())?.[1];
    if (!host) throw new Error('The simulator did not say where it listens.');
    return new Simulator(child, host, seed);
  }

  url(exchange: string): string {
    return `ws://${this.host}/${exchange}`;
  }

  async setRate(framesPerSecond: number): Promise<void> {
    await this.#ask(`/rate?frames=${framesPerSecond}`, 'POST');
  }

  /** To every client of an exchange. */
  async happen(event: string, exchange: string): Promise<void> {
    await this.#ask(`/happen?event=${event}&exchange=${exchange}`, 'POST');
  }

  async sequences(): Promise<readonly SentSequence[]> {
    return (await this.#ask('/streams')) as readonly SentSequence[];
  }

  /** What a correct reader makes of the trade at an index of a sequence. */
  async trade(exchange: string, code: string, index: number): Promise<KnownTrade> {
    return (await this.#ask(`/trade?exchange=${exchange}&code=${code}&index=${index}`)) as KnownTrade;
  }

  async stop(): Promise<void> {
    await this.#child.stop(10);
  }

  async #ask(path: string, method = 'GET'): Promise<unknown> {
    const response = await fetch(`http://${this.host}/simulator${path}`, {
      method,
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`The simulator answered ${path} with ${response.status}.`);
    return response.json();
  }
}
