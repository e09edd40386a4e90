import type { Clock } from '@naru/core';
import type { BreakerStore, ProbeReport, ProbeRequest, StoreAnswer, TripVote } from '../stores/breaker-store.js';
import { type CircuitSnapshot, freshCircuit } from '../stores/circuit-snapshot.js';

/** One circuit of one store, and what is known of it here without asking. */
export class CircuitGate {
  readonly store: BreakerStore;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #onChange: () => void;
  #snapshot: CircuitSnapshot = freshCircuit;
  #seenAt: number;
  #sequence = 0;

  constructor(store: BreakerStore, name: string, clock: Clock, onChange: () => void) {
    this.store = store;
    this.#name = name;
    this.#clock = clock;
    this.#onChange = onChange;
    this.#seenAt = clock.monotonic();
  }

  /** The latest known circuit. Its durations were true when it was seen; the getters below age them. */
  get snapshot(): CircuitSnapshot {
    return this.#snapshot;
  }

  get epoch(): number {
    return this.#snapshot.epoch;
  }

  /** Ms until it makes sense to ask for a probe, by the local monotonic clock. */
  get retryAfterMs(): number {
    return Math.max(0, this.#snapshot.retryAfterMs - (this.#clock.monotonic() - this.#seenAt));
  }

  /** Ms since the state began; undefined when it never changed. */
  get ageMs(): number | undefined {
    const { ageMs } = this.#snapshot;
    return ageMs === undefined ? undefined : ageMs + (this.#clock.monotonic() - this.#seenAt);
  }

  /** The circuit as it would be described now. */
  describe(): CircuitSnapshot {
    const ageMs = this.ageMs;
    return {
      ...this.#snapshot,
      retryAfterMs: Math.ceil(this.retryAfterMs),
      ageMs: ageMs === undefined ? undefined : Math.floor(ageMs),
    };
  }

  /** Hears every change until the answer is called; `missed` says when some may have been lost. */
  follow(missed: () => void): Promise<() => Promise<void>> {
    return this.store.watch(this.#name, (snapshot) => (snapshot ? this.hear(snapshot) : missed()));
  }

  /**
   * Asks the store. The answer counts even with a lower revision when nothing else was heard meanwhile, because a
   * store can lose data; if it lost a circuit that is still open or held by an operator, what is known here is put back.
   */
  async refresh(): Promise<void> {
    const sequence = this.#sequence;
    const snapshot = await this.store.read(this.#name);
    if (sequence !== this.#sequence) {
      this.hear(snapshot);
    } else if (snapshot.revision < this.#snapshot.revision && this.#mustSurvive()) {
      this.adopt((await this.store.restore(this.#name, this.describe())).snapshot);
    } else {
      this.adopt(snapshot);
    }
  }

  /** Takes a message, which may be late, twice or out of order. */
  hear(snapshot: CircuitSnapshot): void {
    if (snapshot.revision > this.#snapshot.revision) this.adopt(snapshot);
  }

  /** Takes what is certainly newer than everything seen. */
  adopt(snapshot: CircuitSnapshot): void {
    this.#snapshot = snapshot;
    this.#seenAt = this.#clock.monotonic();
    this.#sequence += 1;
    this.#onChange();
  }

  /** Blocks here before the store has confirmed; the epoch stays, so the confirmation fits. */
  presumeOpen(openMs: number): void {
    const attempt = this.#snapshot.attempt + 1;
    this.adopt({ ...this.#snapshot, state: 'open', attempt, retryAfterMs: openMs, ageMs: 0 });
  }

  async acquire(request: ProbeRequest): Promise<StoreAnswer> {
    return this.#take(await this.store.acquire(this.#name, request));
  }

  async report(report: ProbeReport): Promise<StoreAnswer> {
    return this.#take(await this.store.report(this.#name, report));
  }

  async trip(vote: TripVote): Promise<StoreAnswer> {
    const answer = await this.store.trip(this.#name, vote);
    // The presumption must give way even where the store did not write anything.
    if (answer.snapshot.revision >= this.#snapshot.revision) this.adopt(answer.snapshot);
    return answer;
  }

  #mustSurvive(): boolean {
    return this.#snapshot.mode !== 'automatic' || (this.#snapshot.state === 'open' && this.retryAfterMs > 0);
  }

  #take(answer: StoreAnswer): StoreAnswer {
    this.hear(answer.snapshot);
    return answer;
  }
}
