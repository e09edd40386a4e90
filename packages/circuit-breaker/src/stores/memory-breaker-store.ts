import { type Clock, systemClock } from '@naru/core';
import { checkWhole } from '../circuit-breaker-error.js';
import {
  type BreakerStore,
  checkCircuitName,
  type ModeChange,
  type ProbeReport,
  type ProbeRequest,
  type StoreAnswer,
  type TripVote,
} from './breaker-store.js';
import { type CircuitSnapshot, type CircuitState, freshCircuit, type OperatorMode } from './circuit-snapshot.js';

interface Circuit {
  state: CircuitState;
  epoch: number;
  revision: number;
  attempt: number;
  succeeded: number;
  /** Monotonic times. */
  openUntil: number;
  since: number;
  lastWrite: number;
  mode: OperatorMode;
  reason: string | undefined;
  author: string | undefined;
  /** Token → end of its lease. */
  readonly probes: Map<string, number>;
  /** Instance → time of its vote. */
  readonly votes: Map<string, number>;
}

type Listener = (snapshot: CircuitSnapshot | undefined) => void;

export interface MemoryBreakerStoreOptions {
  readonly clock?: Clock;
  /** A circuit that nothing was written about for this long is forgotten, unless it waits or an operator holds it, ms. Default 3,600,000. */
  readonly idleMs?: number;
}

/** Circuits of one process. Every change is done, and watchers know it, before the call returns its promise. */
export class MemoryBreakerStore implements BreakerStore {
  readonly shared = false;
  readonly #clock: Clock;
  readonly #idleMs: number;
  readonly #circuits = new Map<string, Circuit>();
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(options: MemoryBreakerStoreOptions = {}) {
    this.#clock = options.clock ?? systemClock;
    this.#idleMs = checkWhole('idleMs', options.idleMs ?? 3_600_000, 1_000, 31_536_000_000);
  }

  async read(name: string): Promise<CircuitSnapshot> {
    return this.#describe(this.#find(name));
  }

  async acquire(name: string, request: ProbeRequest): Promise<StoreAnswer> {
    const circuit = this.#find(name);
    if (circuit?.mode !== 'automatic' || circuit.state === 'closed') return this.#answer(false, circuit);
    const now = this.#clock.monotonic();
    if (circuit.state === 'open') {
      if (circuit.openUntil > now) return this.#answer(false, circuit);
      this.#turn(circuit, 'half-open');
    } else {
      if (this.#holds(circuit, request.token)) return this.#answer(true, circuit);
      if (circuit.succeeded + this.#liveProbes(circuit).length >= request.maxProbes)
        return this.#answer(false, circuit);
    }
    for (const [token, end] of circuit.probes) if (end <= now) circuit.probes.delete(token);
    circuit.probes.set(request.token, now + request.leaseMs);
    return this.#written(name, circuit);
  }

  async report(name: string, report: ProbeReport): Promise<StoreAnswer> {
    const circuit = this.#find(name);
    if (circuit?.state !== 'half-open' || circuit.epoch !== report.epoch || !this.#holds(circuit, report.token)) {
      return this.#answer(false, circuit);
    }
    circuit.probes.delete(report.token);
    if (report.outcome === 'success') {
      circuit.succeeded += 1;
      if (circuit.succeeded >= report.successThreshold) {
        circuit.attempt = 0;
        this.#turn(circuit, 'closed');
      }
    } else if (report.outcome === 'failure') {
      this.#open(circuit, report.openMs);
    }
    return this.#written(name, circuit);
  }

  async trip(name: string, vote: TripVote): Promise<StoreAnswer> {
    const known = this.#find(name);
    if (known && (known.state !== 'closed' || known.mode !== 'automatic' || known.epoch !== vote.epoch)) {
      return this.#answer(false, known);
    }
    const circuit = known ?? this.#create(name);
    const now = this.#clock.monotonic();
    for (const [instance, at] of circuit.votes) if (at <= now - vote.voteMs) circuit.votes.delete(instance);
    circuit.votes.set(vote.instance, now);
    const opens = circuit.votes.size >= vote.quorum;
    if (opens) this.#open(circuit, vote.openMs);
    return { ...this.#written(name, circuit), applied: opens };
  }

  async setMode(name: string, change: ModeChange): Promise<CircuitSnapshot> {
    const circuit = this.#find(name) ?? this.#create(name);
    circuit.mode = change.mode;
    circuit.reason = change.reason;
    circuit.author = change.author;
    // Calls admitted under the old rule must not decide under the new one.
    this.#turn(circuit, circuit.state);
    return this.#written(name, circuit).snapshot;
  }

  async reset(name: string): Promise<CircuitSnapshot> {
    const circuit = this.#find(name) ?? this.#create(name);
    circuit.mode = 'automatic';
    circuit.reason = undefined;
    circuit.author = undefined;
    circuit.attempt = 0;
    this.#turn(circuit, 'closed');
    circuit.since = Number.NEGATIVE_INFINITY;
    return this.#written(name, circuit).snapshot;
  }

  async restore(name: string, snapshot: CircuitSnapshot): Promise<StoreAnswer> {
    const known = this.#find(name);
    if (snapshot.revision <= (known?.revision ?? 0)) return this.#answer(false, known);
    const circuit = known ?? this.#create(name);
    // Probes of before cannot report any more: whoever asks next begins a new half-open generation.
    this.#turn(circuit, snapshot.state === 'closed' ? 'closed' : 'open');
    circuit.attempt = snapshot.attempt;
    circuit.mode = snapshot.mode;
    circuit.reason = snapshot.reason;
    circuit.author = snapshot.author;
    circuit.openUntil = this.#clock.monotonic() + (snapshot.state === 'open' ? snapshot.retryAfterMs : 0);
    circuit.since = this.#clock.monotonic() - (snapshot.ageMs ?? Number.POSITIVE_INFINITY);
    return this.#written(name, circuit, snapshot.revision);
  }

  async *list(): AsyncIterable<string> {
    for (const name of [...this.#circuits.keys()]) if (this.#find(name)) yield name;
  }

  async watch(name: string, listener: Listener): Promise<() => Promise<void>> {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return async () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(name) === listeners) this.#listeners.delete(name);
    };
  }

  async close(): Promise<void> {
    this.#listeners.clear();
  }

  #find(name: string): Circuit | undefined {
    checkCircuitName(name);
    const circuit = this.#circuits.get(name);
    if (circuit && this.#isIdle(circuit)) {
      this.#circuits.delete(name);
      return undefined;
    }
    return circuit;
  }

  #isIdle(circuit: Circuit): boolean {
    const kept = Math.max(circuit.lastWrite, circuit.openUntil) + this.#idleMs;
    return circuit.mode === 'automatic' && kept <= this.#clock.monotonic();
  }

  #create(name: string): Circuit {
    for (const [other, circuit] of this.#circuits) if (this.#isIdle(circuit)) this.#circuits.delete(other);
    const circuit: Circuit = {
      state: 'closed',
      // Still the generation that those know who found nothing: what they saw counts together.
      epoch: 0,
      revision: 0,
      attempt: 0,
      succeeded: 0,
      openUntil: Number.NEGATIVE_INFINITY,
      since: Number.NEGATIVE_INFINITY,
      lastWrite: this.#clock.monotonic(),
      mode: 'automatic',
      reason: undefined,
      author: undefined,
      probes: new Map(),
      votes: new Map(),
    };
    this.#circuits.set(name, circuit);
    return circuit;
  }

  // Seeded from the time of day in microseconds, so that a circuit that was forgotten never starts low again.
  #nextEpoch(last: number): number {
    return Math.max(last + 1, Math.floor(this.#clock.now() * 1_000));
  }

  #turn(circuit: Circuit, state: CircuitState): void {
    if (state !== circuit.state) circuit.since = this.#clock.monotonic();
    circuit.state = state;
    circuit.epoch = this.#nextEpoch(circuit.epoch);
    circuit.succeeded = 0;
    circuit.probes.clear();
    circuit.votes.clear();
  }

  #open(circuit: Circuit, openMs: number): void {
    circuit.attempt += 1;
    circuit.openUntil = this.#clock.monotonic() + openMs;
    this.#turn(circuit, 'open');
  }

  #holds(circuit: Circuit, token: string): boolean {
    return (circuit.probes.get(token) ?? Number.NEGATIVE_INFINITY) > this.#clock.monotonic();
  }

  #liveProbes(circuit: Circuit): number[] {
    const now = this.#clock.monotonic();
    return [...circuit.probes.values()].filter((end) => end > now);
  }

  #written(name: string, circuit: Circuit, revision: number = this.#nextEpoch(circuit.revision)): StoreAnswer {
    circuit.revision = revision;
    circuit.lastWrite = this.#clock.monotonic();
    const snapshot = this.#describe(circuit);
    for (const listener of this.#listeners.get(name) ?? []) listener(snapshot);
    return { applied: true, snapshot };
  }

  #answer(applied: boolean, circuit: Circuit | undefined): StoreAnswer {
    return { applied, snapshot: this.#describe(circuit) };
  }

  #describe(circuit: Circuit | undefined): CircuitSnapshot {
    if (!circuit) return freshCircuit;
    const now = this.#clock.monotonic();
    const probes = this.#liveProbes(circuit);
    const { state, epoch, revision, attempt, succeeded, mode, reason, author } = circuit;
    const nextFree = state === 'open' ? circuit.openUntil : Math.min(...(probes.length > 0 ? probes : [now]));
    return {
      state,
      epoch,
      revision,
      attempt,
      retryAfterMs: Math.max(0, Math.ceil(nextFree - now)),
      ageMs: circuit.since === Number.NEGATIVE_INFINITY ? undefined : Math.floor(now - circuit.since),
      succeeded,
      probing: probes.length,
      mode,
      reason,
      author,
    };
  }
}
