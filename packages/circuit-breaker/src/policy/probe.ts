import type { Clock } from '@naru/core';
import type { CircuitGate } from './circuit-gate.js';

/** A granted probe: its place in the fleet, until it is reported or its lease ends. */
export class Probe {
  readonly gate: CircuitGate;
  readonly token: string;
  readonly epoch: number;
  /** Aborts shortly before the lease ends, so that nobody else's probe runs beside this one. */
  readonly signal: AbortSignal;
  #cancel: (() => void) | undefined;
  #settled = false;

  /** @param leaseMs from the moment the probe was asked for. */
  constructor(gate: CircuitGate, token: string, epoch: number, clock: Clock, leaseMs: number, onLate: () => void) {
    this.gate = gate;
    this.token = token;
    this.epoch = epoch;
    const controller = new AbortController();
    this.signal = controller.signal;
    this.#cancel = clock.schedule(leaseMs * 0.9, () => {
      this.#cancel = undefined;
      controller.abort(new DOMException('The probe took longer than its lease.', 'TimeoutError'));
      onLate();
    });
  }

  /** True once; later outcomes of the same probe do not count. */
  settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#cancel?.();
    this.#cancel = undefined;
    return true;
  }
}
