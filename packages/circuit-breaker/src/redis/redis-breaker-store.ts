import { CircuitBreakerError, checkWhole } from '../circuit-breaker-error.js';
import {
  type BreakerStore,
  checkCircuitName,
  type ModeChange,
  type ProbeReport,
  type ProbeRequest,
  type StoreAnswer,
  type TripVote,
} from '../stores/breaker-store.js';
import type { CircuitSnapshot } from '../stores/circuit-snapshot.js';
import type { BreakerRedis, BreakerScript } from './breaker-redis.js';
import {
  acquireScript,
  readScript,
  reportScript,
  resetScript,
  restoreScript,
  setModeScript,
  tripScript,
} from './breaker-scripts.js';
import { readMessage, readReply } from './circuit-reply.js';

export interface RedisBreakerStoreOptions {
  readonly redis: BreakerRedis;
  /** A circuit that nothing was written about for this long is forgotten, unless it waits or an operator holds it, ms. Default 3,600,000. */
  readonly idleMs?: number;
}

const notes = ({ reason, author }: { readonly reason?: string | undefined; readonly author?: string | undefined }) =>
  [reason ?? '', author ?? ''] as const;

/** Circuits in Redis, shared by every process: each change one script, by Redis' own clock. */
export class RedisBreakerStore implements BreakerStore {
  readonly shared = true;
  readonly #redis: BreakerRedis;
  readonly #idleMs: number;

  constructor(options: RedisBreakerStoreOptions) {
    this.#redis = options.redis;
    this.#idleMs = checkWhole('idleMs', options.idleMs ?? 3_600_000, 1_000, 31_536_000_000);
  }

  async read(name: string): Promise<CircuitSnapshot> {
    return (await this.#run(readScript, name, [])).snapshot;
  }

  acquire(name: string, request: ProbeRequest): Promise<StoreAnswer> {
    return this.#run(acquireScript, name, [request.token, request.leaseMs, request.maxProbes]);
  }

  report(name: string, report: ProbeReport): Promise<StoreAnswer> {
    const { token, epoch, outcome, successThreshold, openMs } = report;
    return this.#run(reportScript, name, [token, epoch, outcome, successThreshold, openMs]);
  }

  trip(name: string, vote: TripVote): Promise<StoreAnswer> {
    return this.#run(tripScript, name, [vote.instance, vote.epoch, vote.quorum, vote.voteMs, vote.openMs]);
  }

  async setMode(name: string, change: ModeChange): Promise<CircuitSnapshot> {
    return (await this.#run(setModeScript, name, [change.mode, ...notes(change)])).snapshot;
  }

  async reset(name: string): Promise<CircuitSnapshot> {
    return (await this.#run(resetScript, name, [])).snapshot;
  }

  restore(name: string, snapshot: CircuitSnapshot): Promise<StoreAnswer> {
    // Probes of before cannot report any more: whoever asks next begins a new half-open generation.
    const state = snapshot.state === 'closed' ? 'closed' : 'open';
    const wait = snapshot.state === 'open' ? Math.ceil(snapshot.retryAfterMs) : 0;
    const age = snapshot.ageMs === undefined ? '' : Math.floor(snapshot.ageMs);
    const { attempt, mode, revision } = snapshot;
    return this.#run(restoreScript, name, [state, attempt, wait, age, mode, ...notes(snapshot), revision]);
  }

  async *list(): AsyncIterable<string> {
    for await (const key of this.#redis.scanKeys('{cb:*}:s')) {
      const name = /^\{cb:([^{}]+)\}:s$/.exec(key)?.[1];
      if (name) yield name;
    }
  }

  async watch(name: string, listener: (snapshot: CircuitSnapshot | undefined) => void): Promise<() => Promise<void>> {
    const channel = this.#keys(name)[3]!;
    // A message nobody can read means something changed all the same: the listener reads it from the store.
    const unsubscribe = await this.#redis.subscribe(channel, (message) => listener(readMessage(message)));
    const forget = this.#redis.onReconnected(() => listener(undefined));
    return async () => {
      forget();
      await unsubscribe();
    };
  }

  /** Does nothing: the connections belong to whoever passed them in. */
  async close(): Promise<void> {}

  #keys(name: string): readonly string[] {
    const tag = `{cb:${checkCircuitName(name)}}`;
    return [`${tag}:s`, `${tag}:p`, `${tag}:v`, `${tag}:e`];
  }

  async #run(script: BreakerScript, name: string, args: readonly (string | number)[]): Promise<StoreAnswer> {
    const reply = await this.#redis.runScript(script, this.#keys(name), [this.#idleMs, ...args]);
    const answer = readReply(reply);
    if (!answer) {
      throw new CircuitBreakerError(`What Redis holds for the circuit ${name} cannot be read. Reset the circuit.`, {
        code: 'store_unavailable',
        cause: reply,
      });
    }
    return answer;
  }
}

export function createRedisBreakerStore(options: RedisBreakerStoreOptions): RedisBreakerStore {
  return new RedisBreakerStore(options);
}
