import { MemoryBreakerStore } from '../stores/memory-breaker-store.js';
import { CircuitGate } from './circuit-gate.js';
import type { ResolvedOptions } from './options.js';

/** What the link tells the policy. */
export interface FleetLinkEvents {
  /** The acting circuit may have changed. */
  changed(): void;
  degraded(error: unknown): void;
  recovered(): void;
}

/**
 * Decides whose circuit counts: the store's, or one of this process' own while the store is away and while the fleet
 * does not share this process' bad experience (quorum). Keeps the shared view fresh by messages and a poll.
 */
export class FleetLink {
  readonly shared: CircuitGate;
  readonly #options: ResolvedOptions;
  readonly #events: FleetLinkEvents;
  #own: CircuitGate | undefined;
  #unfollow: (() => Promise<void>) | undefined;
  #cancelPoll: (() => void) | undefined;
  #starting: Promise<void> | undefined;
  #polling: Promise<void> | undefined;
  /** The revision of the shared circuit when the store went away. */
  #remembered = 0;
  #phase: 'new' | 'linked' | 'degraded' | 'closed' = 'new';

  constructor(options: ResolvedOptions, events: FleetLinkEvents) {
    this.#options = options;
    this.#events = events;
    this.shared = new CircuitGate(options.store, options.name, options.clock, events.changed);
  }

  get started(): boolean {
    return this.#phase === 'linked' || this.#phase === 'degraded';
  }

  get degraded(): boolean {
    return this.#phase === 'degraded';
  }

  /** Whether every call is to be refused, because the store is away and that was chosen. */
  get refuses(): boolean {
    return this.degraded && this.#options.whenStoreIsAway === 'reject';
  }

  /** The circuit that admits and counts calls now. */
  get acting(): CircuitGate {
    const own = this.#own;
    if (!own) return this.shared;
    if (this.#phase === 'degraded') return own;
    const { state, mode } = this.shared.snapshot;
    const alone = state === 'closed' && mode === 'automatic' && own.snapshot.state !== 'closed';
    return alone ? own : this.shared;
  }

  /** Watches and reads the circuit once. Resolves also when the store is away: then the link is degraded. */
  start(): Promise<void> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  /** Goes on with a circuit of this process' own, beginning with what was last known of the shared one. */
  degrade(error: unknown): void {
    if (!this.started || this.degraded) return;
    this.#phase = 'degraded';
    this.#remembered = this.shared.snapshot.revision;
    // What is stored there already is this process' own experience, which is fresher.
    void this.own().store.restore(this.#options.name, this.shared.describe());
    this.#events.degraded(error);
    this.#events.changed();
  }

  /** This process' own circuit, made when first needed. Its store is in memory, so what it does is done at once. */
  own(): CircuitGate {
    if (!this.#own) {
      const { name, clock } = this.#options;
      this.#own = new CircuitGate(new MemoryBreakerStore({ clock }), name, clock, this.#events.changed);
      void this.#own.follow(() => {});
    }
    return this.#own;
  }

  /** Opens the circuit, or votes for it, because calls failed in this generation of this gate. Never rejects. */
  async trip(gate: CircuitGate, epoch: number, openMs: number): Promise<void> {
    const { instance, quorum, voteMs, store } = this.#options;
    const vote = { instance, epoch, quorum, voteMs, openMs };
    if (gate !== this.shared || !store.shared) {
      // In memory nothing can fail. A circuit of this process' own has no other voters.
      await gate.trip(gate === this.shared ? vote : { ...vote, quorum: 1 });
      return;
    }
    if (quorum === 1) gate.presumeOpen(openMs);
    try {
      const { applied, snapshot } = await gate.trip(vote);
      if (applied || snapshot.state !== 'closed' || snapshot.mode !== 'automatic') return;
    } catch (error) {
      this.degrade(error);
      if (this.#options.whenStoreIsAway === 'reject') return;
    }
    // The fleet does not agree, or cannot be asked: then only this process stops.
    const own = this.own();
    await own.trip({ ...vote, epoch: own.epoch, quorum: 1 });
  }

  /** Reads the shared circuit now, as the poll does. Never rejects. */
  poll(): Promise<void> {
    this.#polling ??= this.#poll().finally(() => {
      this.#polling = undefined;
    });
    return this.#polling;
  }

  async close(): Promise<void> {
    this.#phase = 'closed';
    this.#cancelPoll?.();
    await this.#starting;
    await this.#polling;
    await this.#unfollow?.().catch(() => {});
  }

  async #start(): Promise<void> {
    if (this.#phase === 'closed') return;
    let problem: unknown;
    try {
      this.#unfollow = await this.shared.follow(() => void this.poll());
      await this.shared.refresh();
    } catch (error) {
      problem = error;
    }
    if ((this.#phase as string) === 'closed') return;
    this.#phase = 'linked';
    if (problem !== undefined) this.degrade(problem);
    if (this.#options.store.shared) this.#schedulePoll();
    this.#events.changed();
  }

  #schedulePoll(): void {
    this.#cancelPoll = this.#options.clock.schedule(this.#options.pollMs, () => {
      void this.poll().then(() => {
        if (this.#phase !== 'closed') this.#schedulePoll();
      });
    });
  }

  async #poll(): Promise<void> {
    if (!this.started) return;
    try {
      this.#unfollow ??= await this.shared.follow(() => void this.poll());
      await this.shared.refresh();
      if (this.degraded) await this.#recover();
    } catch (error) {
      this.degrade(error);
    }
  }

  async #recover(): Promise<void> {
    const own = this.#own;
    const { state, mode, epoch } = this.shared.snapshot;
    const tells = own !== undefined && own.snapshot.state !== 'closed' && this.#isNews(own);
    if (tells && state === 'closed' && mode === 'automatic') {
      // The fleet has not heard yet what went wrong here meanwhile.
      const { instance, quorum, voteMs } = this.#options;
      await this.shared.trip({ instance, epoch, quorum, voteMs, openMs: Math.max(1, Math.ceil(own.retryAfterMs)) });
    }
    if (!this.degraded) return;
    this.#phase = 'linked';
    if (!tells || this.shared.snapshot.state !== 'closed') this.#own = undefined;
    this.#events.recovered();
    this.#events.changed();
  }

  /** Whether the own circuit opened here. One that is remembered of the fleet counts only while the fleet has no newer one. */
  #isNews(own: CircuitGate): boolean {
    const { state, revision } = own.snapshot;
    const failedHere = state === 'open' && revision > this.#remembered;
    return failedHere || this.shared.snapshot.revision <= this.#remembered;
  }
}
