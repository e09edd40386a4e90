import { randomUUID } from 'node:crypto';
import type { ProbeOutcome } from '../stores/breaker-store.js';
import type { CircuitGate } from './circuit-gate.js';
import type { ResolvedOptions } from './options.js';
import { Probe } from './probe.js';

// A denied probe may be asked for again this soon even if no change was heard; then messages are lost, not the circuit.
const longestDenialMs = 250;

export interface ProbeDeskEvents {
  /** How long the circuit opens if a probe of this gate fails, ms. */
  openMs(gate: CircuitGate): number;
  storeFailed(error: unknown): void;
}

/** Asks for this process' probes, knows those under way, and reports what became of them. */
export class ProbeDesk {
  readonly #options: ResolvedOptions;
  readonly #events: ProbeDeskEvents;
  /** Handed out to callers who record the outcome themselves, oldest first. */
  readonly #handedOut: Probe[] = [];
  readonly #reports = new Set<Promise<void>>();
  #underWay = 0;
  #deniedUntil = Number.NEGATIVE_INFINITY;

  constructor(options: ResolvedOptions, events: ProbeDeskEvents) {
    this.#options = options;
    this.#events = events;
  }

  /** Ms for which asking is pointless: this process has all places, or was denied a moment ago. 0: ask. */
  waitMs(gate: CircuitGate): number {
    // Wishes under way here count as well: a thousand waiting calls must not become a thousand questions.
    if (this.#underWay >= this.#options.maxProbes) return Math.max(1, gate.retryAfterMs);
    return Math.max(0, this.#deniedUntil - this.#options.clock.monotonic());
  }

  /** Something changed: the next one may ask at once. */
  forgetDenial(): void {
    this.#deniedUntil = Number.NEGATIVE_INFINITY;
  }

  /** Undefined: denied, or the store went away meanwhile. */
  async acquire(gate: CircuitGate): Promise<Probe | undefined> {
    const { clock, maxProbes, probeLeaseMs } = this.#options;
    this.#underWay += 1;
    const token = randomUUID();
    const asked = clock.monotonic();
    try {
      const { applied, snapshot } = await gate.acquire({ token, leaseMs: probeLeaseMs, maxProbes });
      if (applied) {
        const left = Math.max(1, probeLeaseMs - (clock.monotonic() - asked));
        const probe: Probe = new Probe(gate, token, snapshot.epoch, clock, left, () => this.#isLate(probe));
        return probe;
      }
      this.#deniedUntil = clock.monotonic() + Math.min(longestDenialMs, snapshot.retryAfterMs);
    } catch (error) {
      this.#events.storeFailed(error);
    }
    this.#underWay -= 1;
    return undefined;
  }

  /** Reports an outcome, once. Never rejects: the lease of a probe that cannot be reported frees its place. */
  async settle(probe: Probe, outcome: ProbeOutcome): Promise<void> {
    if (!probe.settle()) return;
    this.#underWay -= 1;
    const { gate, token, epoch } = probe;
    const { successThreshold } = this.#options;
    try {
      await gate.report({ token, epoch, outcome, successThreshold, openMs: this.#events.openMs(gate) });
    } catch (error) {
      this.#events.storeFailed(error);
    }
  }

  handOut(probe: Probe): void {
    this.#handedOut.push(probe);
  }

  /** The oldest probe that waits for its outcome to be recorded. */
  takeBack(): Probe | undefined {
    return this.#handedOut.shift();
  }

  /** Gives the places of handed out probes back and waits for the reports under way. */
  async close(): Promise<void> {
    await Promise.all(this.#handedOut.splice(0).map((probe) => this.settle(probe, 'ignored')));
    await Promise.all(this.#reports);
  }

  #isLate(probe: Probe): void {
    const at = this.#handedOut.indexOf(probe);
    if (at >= 0) this.#handedOut.splice(at, 1);
    const report = this.settle(probe, 'failure').finally(() => this.#reports.delete(report));
    this.#reports.add(report);
  }
}
