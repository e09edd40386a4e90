import type {
  BreakerStore,
  ModeChange,
  ProbeReport,
  ProbeRequest,
  StoreAnswer,
  TripVote,
} from '../stores/breaker-store.js';
import type { CircuitSnapshot } from '../stores/circuit-snapshot.js';
import { MemoryBreakerStore, type MemoryBreakerStoreOptions } from '../stores/memory-breaker-store.js';

type Listener = (snapshot: CircuitSnapshot | undefined) => void;

/** A shared store in memory with the faults of a network, to see what breakers do about them. */
export class UnreliableStore implements BreakerStore {
  readonly shared = true;
  readonly #options: MemoryBreakerStoreOptions;
  readonly #watchers = new Map<Listener, { readonly name: string; leave: () => Promise<void> }>();
  #store: MemoryBreakerStore;
  /** `away`: requests never arrive. `mute`: they are carried out and the answers are lost. Both reject. */
  fault: 'none' | 'away' | 'mute' = 'none';
  /** Whether watchers hear of changes. */
  messages = true;
  /** Requests that arrived, by method. */
  readonly requests: Record<string, number> = {};

  constructor(options: MemoryBreakerStoreOptions = {}) {
    this.#options = options;
    this.#store = new MemoryBreakerStore(options);
  }

  /** All data is gone, as after a restart without a disk. */
  async forget(): Promise<void> {
    this.#store = new MemoryBreakerStore(this.#options);
    for (const [listener, watcher] of this.#watchers) watcher.leave = await this.#listen(watcher.name, listener);
  }

  /** What is stored, past every fault. */
  peek(name: string): Promise<CircuitSnapshot> {
    return this.#store.read(name);
  }

  /** Tells watchers that messages may have been missed. */
  reconnect(): void {
    for (const listener of this.#watchers.keys()) listener(undefined);
  }

  read(name: string): Promise<CircuitSnapshot> {
    return this.#send('read', (store) => store.read(name));
  }

  acquire(name: string, request: ProbeRequest): Promise<StoreAnswer> {
    return this.#send('acquire', (store) => store.acquire(name, request));
  }

  report(name: string, report: ProbeReport): Promise<StoreAnswer> {
    return this.#send('report', (store) => store.report(name, report));
  }

  trip(name: string, vote: TripVote): Promise<StoreAnswer> {
    return this.#send('trip', (store) => store.trip(name, vote));
  }

  setMode(name: string, change: ModeChange): Promise<CircuitSnapshot> {
    return this.#send('setMode', (store) => store.setMode(name, change));
  }

  reset(name: string): Promise<CircuitSnapshot> {
    return this.#send('reset', (store) => store.reset(name));
  }

  restore(name: string, snapshot: CircuitSnapshot): Promise<StoreAnswer> {
    return this.#send('restore', (store) => store.restore(name, snapshot));
  }

  list(): AsyncIterable<string> {
    return this.#store.list();
  }

  async watch(name: string, listener: Listener): Promise<() => Promise<void>> {
    await this.#send('watch', async () => {});
    const watcher = { name, leave: await this.#listen(name, listener) };
    this.#watchers.set(listener, watcher);
    return async () => {
      this.#watchers.delete(listener);
      await watcher.leave();
    };
  }

  async close(): Promise<void> {
    await this.#store.close();
  }

  #listen(name: string, listener: Listener): Promise<() => Promise<void>> {
    return this.#store.watch(name, (snapshot) => {
      if (this.messages && this.fault === 'none') listener(snapshot);
    });
  }

  async #send<T>(method: string, request: (store: MemoryBreakerStore) => Promise<T>): Promise<T> {
    if (this.fault === 'away') throw new Error('the store is away');
    this.requests[method] = (this.requests[method] ?? 0) + 1;
    const answer = await request(this.#store);
    if (this.fault === 'mute') throw new Error('the answer is lost');
    return answer;
  }
}
