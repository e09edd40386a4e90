import type { Event, FailureReason, IDefaultPolicyContext, IFailureEvent, IPolicy, ISuccessEvent } from 'cockatiel';
import { CircuitBreakerError, CircuitRejection } from '../circuit-breaker-error.js';
import type { ModeChange } from '../stores/breaker-store.js';
import type { CircuitSnapshot, CircuitState, OperatorMode } from '../stores/circuit-snapshot.js';
import { CallContext } from './call-context.js';
import { CircuitEvents, type StateChange } from './circuit-events.js';
import type { CircuitGate } from './circuit-gate.js';
import { exportState, importState } from './exported-state.js';
import { FleetLink } from './fleet-link.js';
import { openTimeMs } from './open-time.js';
import { type CircuitBreakerOptions, type ResolvedOptions, resolveOptions } from './options.js';
import type { Probe } from './probe.js';
import { ProbeDesk } from './probe-desk.js';
import { ReAdmission } from './re-admission.js';
import { rejection } from './rejection.js';

/** Why and by whom an operator changed the mode; shown to everybody who looks at the circuit. */
export interface OperatorNote {
  readonly reason?: string;
  readonly author?: string;
}

/** Right to run one call. `counted`: its outcome may open the circuit; `free`: nobody asks. */
type Admission =
  | { readonly kind: 'counted'; readonly gate: CircuitGate; readonly epoch: number }
  | { readonly kind: 'probe'; readonly probe: Probe }
  | { readonly kind: 'free' };

const free: Admission = { kind: 'free' };
const neverAborted = new AbortController().signal;

/**
 * A circuit breaker as one of cockatiel's policies, whose circuit may be shared by a fleet. A closed or an open
 * circuit is decided here without asking the store; only probes and changes of state are asked for.
 */
export class SharedCircuitPolicy implements IPolicy, AsyncDisposable {
  declare readonly _altReturn: never;
  readonly name: string;
  readonly #options: ResolvedOptions;
  readonly #link: FleetLink;
  readonly #ramp: ReAdmission;
  readonly #events: CircuitEvents;
  readonly #probes: ProbeDesk;
  readonly #background = new Set<Promise<void>>();
  /** What calls are checked against without further thought: the generation that lets everything pass, or none. */
  #passing: CircuitGate | undefined;
  #detectorGate: CircuitGate;
  #detectorEpoch = 0;
  #shown: CircuitSnapshot;
  #lastFailure: FailureReason<unknown> | undefined;
  #starting: Promise<void> | undefined;
  #closed = false;

  readonly onStateChange: Event<StateChange>;
  /** The circuit opened. */
  readonly onBreak: Event<CircuitSnapshot>;
  /** The circuit closed. */
  readonly onReset: Event<CircuitSnapshot>;
  readonly onHalfOpen: Event<CircuitSnapshot>;
  /** An operator changed the mode, here or elsewhere. */
  readonly onModeChange: Event<CircuitSnapshot>;
  readonly onReject: Event<CircuitRejection>;
  /** In the mode `metrics-only`: the circuit would have opened. */
  readonly onWouldBreak: Event<CircuitSnapshot>;
  /** The shared store went away; the reason comes along. */
  readonly onDegraded: Event<unknown>;
  readonly onRecovered: Event<void>;
  readonly onSuccess: Event<ISuccessEvent>;
  readonly onFailure: Event<IFailureEvent>;

  constructor(options: CircuitBreakerOptions) {
    this.#options = resolveOptions(options);
    this.name = this.#options.name;
    this.#ramp = new ReAdmission(this.#options.rampMs);
    const events = new CircuitEvents(this.#options.logger);
    this.#events = events;
    this.onStateChange = events.stateChange.addListener;
    this.onBreak = events.break.addListener;
    this.onReset = events.reset.addListener;
    this.onHalfOpen = events.halfOpen.addListener;
    this.onModeChange = events.modeChange.addListener;
    this.onReject = events.reject.addListener;
    this.onWouldBreak = events.wouldBreak.addListener;
    this.onDegraded = events.degraded.addListener;
    this.onRecovered = events.recovered.addListener;
    this.onSuccess = events.success.addListener;
    this.onFailure = events.failure.addListener;
    this.#link = new FleetLink(this.#options, {
      changed: () => this.#observe(),
      degraded: (error) => {
        this.#options.logger.warn('circuit store is away, going on alone', { circuit: this.name, error });
        this.#events.degraded.emit(error);
      },
      recovered: () => {
        this.#options.logger.info('circuit store is back', { circuit: this.name });
        this.#events.recovered.emit();
      },
    });
    this.#probes = new ProbeDesk(this.#options, {
      openMs: (gate) => this.#openTime(gate),
      storeFailed: (error) => this.#link.degrade(error),
    });
    this.#detectorGate = this.#link.shared;
    this.#shown = this.#link.shared.snapshot;
  }

  /** As this process knows it now. An open circuit whose time is over stays `open` until somebody asks for a probe. */
  get state(): CircuitState {
    return this.#link.acting.snapshot.state;
  }

  get mode(): OperatorMode {
    return this.#link.acting.snapshot.mode;
  }

  /** Ms until the next attempt can be let in; 0 when it can now. */
  get retryAfterMs(): number {
    return Math.ceil(this.#link.acting.retryAfterMs);
  }

  /** Whether the shared store is away and this process goes on alone. */
  get degraded(): boolean {
    return this.#link.degraded;
  }

  /** The circuit in full, as known here. */
  get circuit(): CircuitSnapshot {
    return this.#link.acting.describe();
  }

  get lastFailure(): FailureReason<unknown> | undefined {
    return this.#lastFailure;
  }

  /** Learns the circuit's state. Optional: the first call does it. Resolves also when the store is away. */
  start(): Promise<void> {
    if (this.#closed) return Promise.reject(this.#closedError());
    this.#starting ??= this.#start();
    return this.#starting;
  }

  /**
   * Runs `fn` if the circuit lets it. Rejects with what `fn` rejects with, or with a `CircuitRejection` that carries
   * `retryAfterMs`. A probe's `fn` gets a signal that also aborts shortly before the probe's lease ends.
   */
  async execute<T>(
    fn: (context: IDefaultPolicyContext) => PromiseLike<T> | T,
    options?: AbortSignal | { readonly signal?: AbortSignal },
  ): Promise<T> {
    const signal = options instanceof AbortSignal ? options : options?.signal;
    const passing = this.#passing;
    if (!passing || signal?.aborted) {
      const refusal = this.#link.started ? this.#refusal(this.#link.acting) : undefined;
      if (refusal) throw refusal;
      return await this.#executeGuarded(fn, signal);
    }
    const epoch = passing.epoch;
    const begun = this.#begin();
    let value: T;
    try {
      value = await fn(new CallContext(signal));
    } catch (error) {
      if (this.#isFailure(error, signal)) this.#count(passing, epoch, begun, { error: error as Error });
      throw error;
    }
    if (this.#options.handle.options.resultFilter(value)) this.#count(passing, epoch, begun, { value });
    else this.#count(passing, epoch, begun, undefined);
    return value;
  }

  /**
   * Whether a call may be made now, for those who make it themselves. Each `true` must be answered by one
   * `recordSuccess()` or `recordFailure()`: a probe without an answer holds its place until its lease ends.
   */
  async isRequestAllowed(): Promise<boolean> {
    let admission: Admission;
    try {
      admission = await this.#admit();
    } catch (error) {
      if (error instanceof CircuitRejection) return false;
      throw error;
    }
    if (admission.kind === 'probe') this.#probes.handOut(admission.probe);
    return true;
  }

  /** The call that was allowed succeeded. With several probes under way the oldest is answered. */
  recordSuccess(): Promise<void> {
    return this.#record(undefined);
  }

  /** The call that was allowed failed. */
  recordFailure(error: Error = new Error('recorded failure')): Promise<void> {
    return this.#record({ error });
  }

  /** Nothing passes until `reset()`, in the whole fleet. Rejects with `store_unavailable` when that cannot be said. */
  forceOpen(note: OperatorNote = {}): Promise<CircuitSnapshot> {
    return this.setMode({ ...note, mode: 'forced-open' });
  }

  /** Everything passes until `reset()`, whatever fails. */
  forceClose(note: OperatorNote = {}): Promise<CircuitSnapshot> {
    return this.setMode({ ...note, mode: 'forced-closed' });
  }

  /** Puts the circuit under one of the operator's modes, or back to `automatic`. */
  setMode(change: ModeChange): Promise<CircuitSnapshot> {
    return this.#operate(() => this.#options.store.setMode(this.name, change));
  }

  /** Closed and automatic, with nothing counted. */
  reset(): Promise<CircuitSnapshot> {
    this.#options.detector.reset();
    return this.#operate(() => this.#options.store.reset(this.name));
  }

  /** Plain data for `initialState` of a later breaker: what is known of the circuit, and what was counted. */
  toJSON(): unknown {
    return exportState(this.circuit, this.#options);
  }

  /** Stops watching; later calls are refused. The store stays open, it is the caller's. A second call does nothing. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#passing = undefined;
    await this.#probes.close();
    await Promise.all(this.#background);
    await this.#link.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #start(): Promise<void> {
    const restoreDetector = await importState(this.#options);
    await this.#link.start();
    restoreDetector();
  }

  async #executeGuarded<T>(
    fn: (context: IDefaultPolicyContext) => PromiseLike<T> | T,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    signal?.throwIfAborted();
    const admission = await this.#admit();
    const probe = admission.kind === 'probe' ? admission.probe : undefined;
    const inner = probe && signal ? AbortSignal.any([signal, probe.signal]) : (probe?.signal ?? signal);
    const begun = this.#begin();
    let value: T;
    try {
      value = await fn(new CallContext(inner));
    } catch (error) {
      if (this.#isFailure(error, signal)) await this.#conclude(admission, begun, { error: error as Error });
      else if (probe) await this.#probes.settle(probe, 'ignored');
      throw error;
    }
    const failed = this.#options.handle.options.resultFilter(value);
    await this.#conclude(admission, begun, failed ? { value } : undefined);
    return value;
  }

  async #admit(): Promise<Admission> {
    if (this.#closed) throw this.#closedError();
    if (!this.#link.started) await this.start();
    // Twice, because the answer to a wish for a probe can be that the circuit is closed by now.
    for (let round = 0; ; round++) {
      const gate = this.#link.acting;
      const refusal = this.#refusal(gate);
      if (refusal) throw refusal;
      const { state, mode, epoch } = gate.snapshot;
      if (mode === 'forced-closed' || mode === 'disabled') return free;
      if (mode === 'metrics-only') return { kind: 'counted', gate, epoch };
      if (state === 'closed') {
        this.#passRamp(gate);
        return { kind: 'counted', gate, epoch };
      }
      const waitMs = this.#probes.waitMs(gate);
      if (waitMs > 0) throw this.#refuse('probes_taken', waitMs);
      const probe = await this.#probes.acquire(gate);
      if (probe) return { kind: 'probe', probe };
      const now = this.#link.acting;
      if (round === 1 || (now === gate && now.snapshot.state !== 'closed')) {
        throw this.#refusal(now) ?? this.#refuse('probes_taken', Math.max(1, now.retryAfterMs));
      }
    }
  }

  /** What can be refused without asking anybody. */
  #refusal(gate: CircuitGate): CircuitRejection | undefined {
    const { state, mode, reason } = gate.snapshot;
    if (this.#closed) return undefined;
    if (this.#link.refuses) return this.#refuse('store_unavailable', this.#options.pollMs);
    if (mode === 'forced-open') return this.#refuse('forced_open', undefined, reason);
    if (mode !== 'automatic' || state !== 'open') return undefined;
    const waitMs = gate.retryAfterMs;
    return waitMs > 0 ? this.#refuse('circuit_open', waitMs) : undefined;
  }

  #passRamp(gate: CircuitGate): void {
    const closedForMs = gate.ageMs ?? Number.POSITIVE_INFINITY;
    const leftMs = this.#ramp.remainingMs(closedForMs);
    if (leftMs === 0) this.#observe();
    else if (!this.#ramp.admits(closedForMs)) throw this.#refuse('ramping', leftMs);
  }

  #begin(): number {
    return this.#options.detector.timed || this.#events.success.size > 0 || this.#events.failure.size > 0
      ? this.#options.clock.monotonic()
      : -1;
  }

  #isFailure(error: unknown, signal: AbortSignal | undefined): boolean {
    // Who gives up a call says nothing about the one who was called.
    return !signal?.aborted && this.#options.handle.options.errorFilter(error as Error);
  }

  async #conclude(admission: Admission, begun: number, failure: FailureReason<unknown> | undefined): Promise<void> {
    if (admission.kind === 'counted') this.#count(admission.gate, admission.epoch, begun, failure);
    else this.#announce(begun, failure);
    if (admission.kind === 'probe') await this.#probes.settle(admission.probe, failure ? 'failure' : 'success');
  }

  #announce(begun: number, failure: FailureReason<unknown> | undefined): number {
    const duration = this.#options.clock.monotonic() - begun;
    if (failure) {
      this.#lastFailure = failure;
      this.#events.failure.emit({ duration, handled: true, reason: failure });
    } else {
      this.#events.success.emit({ duration });
    }
    return duration;
  }

  /** Counts the outcome of a call, unless the circuit has moved on since the call was let in. */
  #count(gate: CircuitGate, epoch: number, begun: number, failure: FailureReason<unknown> | undefined): void {
    const { detector } = this.#options;
    const durationMs = begun >= 0 || failure ? this.#announce(begun, failure) : 0;
    if (gate !== this.#detectorGate || epoch !== this.#detectorEpoch || gate.epoch !== epoch) return;
    if (gate.snapshot.state !== 'closed') return;
    if (!(failure ? detector.failed(durationMs) : detector.succeeded(durationMs))) return;
    detector.reset();
    if (gate.snapshot.mode === 'metrics-only') this.#events.wouldBreak.emit(gate.describe());
    else this.#inBackground(this.#link.trip(gate, epoch, this.#openTime(gate)));
  }

  #openTime(gate: CircuitGate): number {
    const { openMs, openJitter, random } = this.#options;
    const result = this.#lastFailure ?? { error: new Error('unknown failure') };
    return openTimeMs(openMs, gate.snapshot.attempt + 1, { result, signal: neverAborted }, openJitter, random);
  }

  async #record(failure: FailureReason<unknown> | undefined): Promise<void> {
    if (this.#closed) throw this.#closedError();
    if (!this.#link.started) await this.start();
    const probe = this.#probes.takeBack();
    if (probe) {
      this.#announce(this.#begin(), failure);
      await this.#probes.settle(probe, failure ? 'failure' : 'success');
      return;
    }
    const gate = this.#link.acting;
    const { mode, epoch } = gate.snapshot;
    if (mode === 'automatic' || mode === 'metrics-only')
      this.#count(gate, epoch, this.#options.clock.monotonic(), failure);
    await Promise.all(this.#background);
  }

  async #operate(change: () => Promise<CircuitSnapshot>): Promise<CircuitSnapshot> {
    if (this.#closed) throw this.#closedError();
    if (!this.#link.started) await this.start();
    let snapshot: CircuitSnapshot;
    try {
      snapshot = await change();
    } catch (cause) {
      this.#link.degrade(cause);
      throw new CircuitBreakerError(
        `The change of the circuit ${this.name} could not be stored. Retry when the store is back.`,
        { code: 'store_unavailable', retryable: true, cause },
      );
    }
    this.#link.shared.hear(snapshot);
    return snapshot;
  }

  /** Called whenever the acting circuit may have changed: renews the fast path, the detector, and tells the listeners. */
  #observe(): void {
    const gate = this.#link.acting;
    const after = gate.snapshot;
    const before = this.#shown;
    this.#shown = after;
    if (gate !== this.#detectorGate || after.epoch !== this.#detectorEpoch) {
      this.#detectorGate = gate;
      this.#detectorEpoch = after.epoch;
      this.#options.detector.reset();
    }
    if (after.revision !== before.revision || after.epoch !== before.epoch) this.#probes.forgetDenial();
    const calm = after.state === 'closed' && after.mode === 'automatic';
    const settled = this.#ramp.remainingMs(gate.ageMs ?? Number.POSITIVE_INFINITY) === 0;
    const passes = this.#link.started && !this.#link.refuses && !this.#closed;
    this.#passing = passes && calm && settled ? gate : undefined;
    if (after.state !== before.state) {
      this.#ramp.restart();
      this.#options.metrics.count('circuit_breaker_state_changes_total', 1, { circuit: this.name, to: after.state });
      this.#options.logger.info('circuit changed', { circuit: this.name, from: before.state, to: after.state });
    }
    this.#events.circuitChanged(before, after);
  }

  #refuse(
    ...[code, retryAfterMs, detail]: [Parameters<typeof rejection>[1], number | undefined, string?]
  ): CircuitRejection {
    const error = rejection(this.name, code, retryAfterMs, detail);
    this.#options.metrics.count('circuit_breaker_rejections_total', 1, { circuit: this.name, reason: code });
    this.#events.reject.emit(error);
    return error;
  }

  #inBackground(work: Promise<void>): void {
    this.#background.add(work);
    void work.finally(() => this.#background.delete(work));
  }

  #closedError(): CircuitBreakerError {
    return new CircuitBreakerError(`The breaker of ${this.name} is closed. Create another one.`, {
      code: 'breaker_closed',
    });
  }
}

/** A breaker as {@link SharedCircuitPolicy} describes it; in this process unless a store is passed in. */
export function createCircuitBreaker(options: CircuitBreakerOptions): SharedCircuitPolicy {
  return new SharedCircuitPolicy(options);
}
