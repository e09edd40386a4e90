import type { FailureReason } from 'cockatiel';
import type { CircuitEvents } from './circuit-events.js';
import type { CircuitGate } from './circuit-gate.js';
import type { FleetLink } from './fleet-link.js';
import { openTimeMs } from './open-time.js';
import type { ResolvedOptions } from './options.js';

const neverAborted = new AbortController().signal;

/** What came of the calls: tells the listeners, feeds the detector, and opens the circuit when it says so. */
export class Outcomes {
  readonly #options: ResolvedOptions;
  readonly #link: FleetLink;
  readonly #events: CircuitEvents;
  readonly #trips = new Set<Promise<void>>();
  /** The generation whose calls the detector counts. */
  #gate: CircuitGate;
  #epoch = 0;
  #lastFailure: FailureReason<unknown> | undefined;

  constructor(options: ResolvedOptions, link: FleetLink, events: CircuitEvents) {
    this.#options = options;
    this.#link = link;
    this.#events = events;
    this.#gate = link.shared;
  }

  get lastFailure(): FailureReason<unknown> | undefined {
    return this.#lastFailure;
  }

  /** Another generation begins with nothing counted. */
  follow(gate: CircuitGate): void {
    if (gate === this.#gate && gate.epoch === this.#epoch) return;
    this.#gate = gate;
    this.#epoch = gate.epoch;
    this.#options.detector.reset();
  }

  /** When a call begins, by the monotonic clock; undefined when nobody wants to know how long it takes. */
  begin(): number | undefined {
    return this.#options.detector.timed || this.#events.success.size > 0 || this.#events.failure.size > 0
      ? this.#options.clock.monotonic()
      : undefined;
  }

  isFailure(error: unknown, signal: AbortSignal | undefined): boolean {
    // Who gives up a call says nothing about the one who was called.
    return !signal?.aborted && this.#options.handle.options.errorFilter(error as Error);
  }

  /** The failure that a returned value is, if it is one. */
  failureIn(value: unknown): FailureReason<unknown> | undefined {
    return this.#options.handle.options.resultFilter(value) ? { value } : undefined;
  }

  /** Tells the listeners of a call that was timed, and answers how long it took, ms; 0 when it was not. */
  announce(begun: number | undefined, failure: FailureReason<unknown> | undefined): number {
    if (failure) this.#lastFailure = failure;
    if (begun === undefined) return 0;
    const duration = this.#options.clock.monotonic() - begun;
    if (failure) this.#events.failure.emit({ duration, handled: true, reason: failure });
    else this.#events.success.emit({ duration });
    return duration;
  }

  /** Counts the outcome of a call, unless the circuit has moved on since the call was let in. */
  count(
    gate: CircuitGate,
    epoch: number,
    begun: number | undefined,
    failure: FailureReason<unknown> | undefined,
  ): void {
    const { detector } = this.#options;
    const durationMs = this.announce(begun, failure);
    if (gate !== this.#gate || epoch !== this.#epoch) return;
    if (gate.snapshot.state !== 'closed') return;
    if (!(failure ? detector.failed(durationMs) : detector.succeeded(durationMs))) return;
    detector.reset();
    if (gate.snapshot.mode === 'metrics-only') this.#events.wouldBreak.emit(gate.describe());
    else this.#trip(gate, epoch);
  }

  /** How long the circuit opens now, ms. */
  openTimeMs(gate: CircuitGate): number {
    const { openMs, openJitter, random } = this.#options;
    const result = this.#lastFailure ?? { error: new Error('unknown failure') };
    return openTimeMs(openMs, gate.snapshot.attempt + 1, { result, signal: neverAborted }, openJitter, random);
  }

  /** Resolves when the store has answered what was counted. */
  async stored(): Promise<void> {
    await Promise.all(this.#trips);
  }

  #trip(gate: CircuitGate, epoch: number): void {
    const trip = this.#link.trip(gate, epoch, this.openTimeMs(gate));
    this.#trips.add(trip);
    void trip.finally(() => this.#trips.delete(trip));
  }
}
