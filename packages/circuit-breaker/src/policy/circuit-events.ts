import type { Logger } from '@naru/core';
import { EventEmitter, type IFailureEvent, type ISuccessEvent } from 'cockatiel';
import type { CircuitRejection } from '../circuit-breaker-error.js';
import type { CircuitSnapshot, CircuitState } from '../stores/circuit-snapshot.js';

export interface StateChange {
  readonly from: CircuitState;
  readonly to: CircuitState;
  readonly circuit: CircuitSnapshot;
}

/** One of cockatiel's emitters, whose listeners' errors reach the log and not the caller of the breaker. */
export class SafeEmitter<T> extends EventEmitter<T> {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    super();
    this.#logger = logger;
  }

  override emit(value: T): void {
    try {
      super.emit(value);
    } catch (error) {
      this.#logger.error('a listener of a circuit breaker threw', { error });
    }
  }
}

/** What a breaker tells the world. */
export class CircuitEvents {
  readonly stateChange: SafeEmitter<StateChange>;
  readonly break: SafeEmitter<CircuitSnapshot>;
  readonly reset: SafeEmitter<CircuitSnapshot>;
  readonly halfOpen: SafeEmitter<CircuitSnapshot>;
  readonly modeChange: SafeEmitter<CircuitSnapshot>;
  readonly reject: SafeEmitter<CircuitRejection>;
  readonly wouldBreak: SafeEmitter<CircuitSnapshot>;
  readonly degraded: SafeEmitter<unknown>;
  readonly recovered: SafeEmitter<void>;
  readonly success: SafeEmitter<ISuccessEvent>;
  readonly failure: SafeEmitter<IFailureEvent>;

  constructor(logger: Logger) {
    this.stateChange = new SafeEmitter(logger);
    this.break = new SafeEmitter(logger);
    this.reset = new SafeEmitter(logger);
    this.halfOpen = new SafeEmitter(logger);
    this.modeChange = new SafeEmitter(logger);
    this.reject = new SafeEmitter(logger);
    this.wouldBreak = new SafeEmitter(logger);
    this.degraded = new SafeEmitter(logger);
    this.recovered = new SafeEmitter(logger);
    this.success = new SafeEmitter(logger);
    this.failure = new SafeEmitter(logger);
  }

  /** Tells what became of the circuit. */
  circuitChanged(before: CircuitSnapshot, after: CircuitSnapshot): void {
    if (after.mode !== before.mode) this.modeChange.emit(after);
    if (after.state === before.state) return;
    this.stateChange.emit({ from: before.state, to: after.state, circuit: after });
    if (after.state === 'open') this.break.emit(after);
    else if (after.state === 'closed') this.reset.emit(after);
    else this.halfOpen.emit(after);
  }
}
