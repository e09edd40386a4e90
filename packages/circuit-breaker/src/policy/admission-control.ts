import type { CircuitGate } from './circuit-gate.js';
import type { FleetLink } from './fleet-link.js';
import type { ResolvedOptions } from './options.js';
import type { Probe } from './probe.js';
import type { ProbeDesk } from './probe-desk.js';
import { ReAdmission } from './re-admission.js';
import { type Refusal, refusal } from './rejection.js';

/** The right to run one call. `counted`: its outcome may open the circuit; `free`: nobody asks. */
export type Admission =
  | { readonly kind: 'counted'; readonly gate: CircuitGate; readonly epoch: number }
  | { readonly kind: 'probe'; readonly probe: Probe }
  | { readonly kind: 'free' };

const free: Admission = { kind: 'free' };

/** Decides which calls are let in. The store is asked only for probes. */
export class AdmissionControl {
  readonly #options: ResolvedOptions;
  readonly #link: FleetLink;
  readonly #probes: ProbeDesk;
  readonly #ramp: ReAdmission;
  #passing: CircuitGate | undefined;
  #ended = false;

  constructor(options: ResolvedOptions, link: FleetLink, probes: ProbeDesk) {
    this.#options = options;
    this.#link = link;
    this.#probes = probes;
    this.#ramp = new ReAdmission(options.rampMs);
  }

  /** The circuit that lets everything pass without further thought, or none. */
  get passing(): CircuitGate | undefined {
    return this.#passing;
  }

  /** The acting circuit may have changed. */
  renew(): void {
    const gate = this.#link.acting;
    const { state, mode } = gate.snapshot;
    const calm = state === 'closed' && mode === 'automatic' && this.#ramp.remainingMs(closedForMs(gate)) === 0;
    this.#passing = calm && this.#link.started && !this.#link.refuses && !this.#ended ? gate : undefined;
  }

  /** The state changed: the next ramp begins at its foot. */
  restartRamp(): void {
    this.#ramp.restart();
  }

  /** What can be refused without asking anybody. */
  refusal(gate: CircuitGate = this.#link.acting): Refusal | undefined {
    const { state, mode, reason } = gate.snapshot;
    if (this.#link.refuses) return refusal('store_unavailable', this.#options.pollMs);
    if (mode === 'forced-open') return refusal('forced_open', undefined, reason);
    if (mode !== 'automatic' || state !== 'open') return undefined;
    const waitMs = gate.retryAfterMs;
    return waitMs > 0 ? refusal('circuit_open', waitMs) : undefined;
  }

  /** Asks for the right to run one call. */
  async ask(mayAskAgain: boolean = true): Promise<Admission | Refusal> {
    const gate = this.#link.acting;
    const refused = this.refusal(gate);
    if (refused) return refused;
    const { state, mode, epoch } = gate.snapshot;
    if (mode === 'forced-closed' || mode === 'disabled') return free;
    if (mode === 'metrics-only') return { kind: 'counted', gate, epoch };
    if (state === 'closed') return this.#passRamp(gate) ?? { kind: 'counted', gate, epoch };
    const waitMs = this.#probes.waitMs(gate);
    if (waitMs > 0) return refusal('probes_taken', waitMs);
    const probe = await this.#probes.acquire(gate);
    if (probe) return { kind: 'probe', probe };
    // The answer can be that the circuit is closed by now, or that the store is away and this process on its own.
    const now = this.#link.acting;
    if (mayAskAgain && (now !== gate || now.snapshot.state === 'closed')) return await this.ask(false);
    return this.refusal(now) ?? refusal('probes_taken', Math.max(1, now.retryAfterMs));
  }

  /** Nothing passes any more without asking. */
  end(): void {
    this.#ended = true;
    this.#passing = undefined;
  }

  #passRamp(gate: CircuitGate): Refusal | undefined {
    const leftMs = this.#ramp.remainingMs(closedForMs(gate));
    if (leftMs > 0) return this.#ramp.admits(closedForMs(gate)) ? undefined : refusal('ramping', leftMs);
    this.renew();
    return undefined;
  }
}

/** For ever, if it never was anything but closed. */
function closedForMs(gate: CircuitGate): number {
  return gate.ageMs ?? Number.POSITIVE_INFINITY;
}
