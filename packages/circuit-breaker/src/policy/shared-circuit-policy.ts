import type { Event, FailureReason, IDefaultPolicyContext, IFailureEvent, IPolicy, ISuccessEvent } from 'cockatiel';
import { CircuitBreakerError, type CircuitRejection } from '../circuit-breaker-error.js';
import type { ModeChange } from '../stores/breaker-store.js';
import type { CircuitSnapshot, CircuitState, OperatorMode } from '../stores/circuit-snapshot.js';
import { type Admission, AdmissionControl } from './admission-control.js';
import { CallContext } from './call-context.js';
import { CircuitEvents, type StateChange } from './circuit-events.js';
import type { CircuitGate } from './circuit-gate.js';
import { exportState, importState } from './exported-state.js';
import { FleetLink } from './fleet-link.js';
import { type CircuitBreakerOptions, type ResolvedOptions, resolveOptions } from './options.js';
import { Outcomes } from './outcomes.js';
import { ProbeDesk } from './probe-desk.js';
import { type Refusal, rejection, rejectSoon } from './rejection.js';

/** Why and by whom an operator changed the mode; shown to everybody who looks at the circuit. */
export interface OperatorNote {
  readonly reason?: string;
  readonly author?: string;
}

type Work<T> = (context: IDefaultPolicyContext) => PromiseLike<T> | T;

/**
 * A circuit breaker as one of cockatiel's policies, whose circuit may be shared by a fleet. A closed or an open
 * circuit is decided here without asking the store; only probes and changes of state are asked for.
 */
export class SharedCircuitPolicy implements IPolicy, AsyncDisposable {
  declare readonly _altReturn: never;
  readonly name: string;
  readonly #options: ResolvedOptions;
  readonly #link: FleetLink;
  readonly #events: CircuitEvents;
  readonly #outcomes: Outcomes;
  readonly #probes: ProbeDesk;
  readonly #admissions: AdmissionControl;
  #shown: CircuitSnapshot;
  #starting: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

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
    this.#outcomes = new Outcomes(this.#options, this.#link, events);
    this.#probes = new ProbeDesk(this.#options, {
      openMs: (gate) => this.#outcomes.openTimeMs(gate),
      storeFailed: (error) => this.#link.degrade(error),
    });
    this.#admissions = new AdmissionControl(this.#options, this.#link, this.#probes);
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
    return this.#outcomes.lastFailure;
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
  execute<T>(fn: Work<T>, options?: AbortSignal | { readonly signal?: AbortSignal }): Promise<T> {
    const signal = options instanceof AbortSignal ? options : options?.signal;
    const { passing } = this.#admissions;
    if (passing && !signal?.aborted) return this.#pass(fn, signal, passing);
    const refused = this.#closed ? undefined : this.#admissions.refusal();
    return refused ? rejectSoon(() => this.#rejection(refused)) : this.#executeGuarded(fn, signal);
  }

  /**
   * Whether a call may be made now, for those who make it themselves. Each `true` must be answered by one
   * `recordSuccess()` or `recordFailure()`: a probe without an answer holds its place until its lease ends.
   */
  async isRequestAllowed(): Promise<boolean> {
    const admission = await this.#admit();
    if (admission.kind === 'probe') this.#probes.handOut(admission.probe);
    if (admission.kind !== 'refused') return true;
    // Nobody but the listeners sees the error.
    if (this.#events.reject.size > 0) this.#rejection(admission);
    else this.#countRejection(admission);
    return false;
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

  /** Stops watching; later calls are refused. The store stays open, it is the caller's. A second call waits for the first. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #closed(): boolean {
    return this.#closing !== undefined;
  }

  async #close(): Promise<void> {
    this.#admissions.end();
    await this.#probes.close();
    await this.#outcomes.stored();
    await this.#link.close();
  }

  async #start(): Promise<void> {
    const restoreDetector = await importState(this.#options);
    await this.#link.start();
    restoreDetector();
  }

  /** The way of nearly all calls: the circuit is closed, and nobody need be asked. */
  async #pass<T>(fn: Work<T>, signal: AbortSignal | undefined, gate: CircuitGate): Promise<T> {
    const { epoch } = gate;
    const begun = this.#outcomes.begin();
    let value: T;
    try {
      value = await fn(new CallContext(signal));
    } catch (error) {
      if (this.#outcomes.isFailure(error, signal)) {
        this.#outcomes.count(gate, epoch, begun, { error: error as Error });
      }
      throw error;
    }
    this.#outcomes.count(gate, epoch, begun, this.#outcomes.failureIn(value));
    return value;
  }

  async #executeGuarded<T>(fn: Work<T>, signal: AbortSignal | undefined): Promise<T> {
    signal?.throwIfAborted();
    const admission = await this.#admit();
    if (admission.kind === 'refused') throw this.#rejection(admission);
    const probe = admission.kind === 'probe' ? admission.probe : undefined;
    const inner = probe && signal ? AbortSignal.any([signal, probe.signal]) : (probe?.signal ?? signal);
    const begun = this.#outcomes.begin();
    let value: T;
    try {
      value = await fn(new CallContext(inner));
    } catch (error) {
      if (this.#outcomes.isFailure(error, signal)) await this.#conclude(admission, begun, { error: error as Error });
      else if (probe) await this.#probes.settle(probe, 'ignored');
      throw error;
    }
    await this.#conclude(admission, begun, this.#outcomes.failureIn(value));
    return value;
  }

  async #admit(): Promise<Admission | Refusal> {
    if (this.#closed) throw this.#closedError();
    if (!this.#link.started) await this.start();
    return await this.#admissions.ask();
  }

  async #conclude(
    admission: Admission,
    begun: number | undefined,
    failure: FailureReason<unknown> | undefined,
  ): Promise<void> {
    if (admission.kind === 'counted') this.#outcomes.count(admission.gate, admission.epoch, begun, failure);
    else this.#outcomes.announce(begun, failure);
    if (admission.kind === 'probe') await this.#probes.settle(admission.probe, failure ? 'failure' : 'success');
  }

  async #record(failure: FailureReason<unknown> | undefined): Promise<void> {
    if (this.#closed) throw this.#closedError();
    if (!this.#link.started) await this.start();
    const probe = this.#probes.takeBack();
    if (probe) {
      this.#outcomes.announce(this.#outcomes.begin(), failure);
      await this.#probes.settle(probe, failure ? 'failure' : 'success');
      return;
    }
    const gate = this.#link.acting;
    const { mode, epoch } = gate.snapshot;
    const begun = this.#outcomes.begin();
    if (mode === 'automatic' || mode === 'metrics-only') this.#outcomes.count(gate, epoch, begun, failure);
    else this.#outcomes.announce(begun, failure);
    await this.#outcomes.stored();
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

  /** Called whenever the acting circuit may have changed. */
  #observe(): void {
    const gate = this.#link.acting;
    const after = gate.snapshot;
    const before = this.#shown;
    this.#shown = after;
    this.#outcomes.follow(gate);
    if (after.revision !== before.revision || after.epoch !== before.epoch) this.#probes.forgetDenial();
    this.#admissions.renew();
    if (after.state !== before.state) {
      this.#admissions.restartRamp();
      this.#options.metrics.count('circuit_breaker_state_changes_total', 1, { circuit: this.name, to: after.state });
      this.#options.logger.info('circuit changed', { circuit: this.name, from: before.state, to: after.state });
    }
    this.#events.circuitChanged(before, after);
  }

  /** A refusal as the error that the caller and the listeners get. */
  #rejection(refusal: Refusal): CircuitRejection {
    const error = rejection(this.name, refusal);
    this.#countRejection(refusal);
    this.#events.reject.emit(error);
    return error;
  }

  #countRejection({ code }: Refusal): void {
    this.#options.metrics.count('circuit_breaker_rejections_total', 1, { circuit: this.name, reason: code });
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
