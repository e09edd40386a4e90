import type { CircuitState, OperatorMode } from '../stores/circuit-snapshot.js';

/** What a correct store must say of one circuit, told as plainly as possible: the reference of the model-based tests. */
export class CircuitModel {
  state: CircuitState = 'closed';
  /** Counts generations; the stores' epochs must grow exactly when this does. */
  generation = 0;
  attempt = 0;
  succeeded = 0;
  until = 0;
  mode: OperatorMode = 'automatic';
  written = false;
  readonly leases: Map<string, number> = new Map();
  readonly votes: Map<string, number> = new Map();

  probing(now: number): number {
    return [...this.leases.values()].filter((end) => end > now).length;
  }

  acquire(now: number, token: string, leaseMs: number, most: number): boolean {
    if (this.mode !== 'automatic' || this.state === 'closed') return false;
    if (this.state === 'open' && this.until > now) return false;
    if (this.state === 'open') this.#turn('half-open');
    else if ((this.leases.get(token) ?? 0) > now) return true;
    else if (this.succeeded + this.probing(now) >= most) return false;
    // What has ended is gone for good, also when the clock is set back afterwards.
    for (const [other, end] of this.leases) if (end <= now) this.leases.delete(other);
    this.leases.set(token, now + leaseMs);
    return true;
  }

  report(now: number, token: string, current: boolean, outcome: string, threshold: number, openMs: number): boolean {
    if (this.state !== 'half-open' || !current || !((this.leases.get(token) ?? 0) > now)) return false;
    this.leases.delete(token);
    if (outcome === 'failure') this.#open(now, openMs);
    if (outcome === 'success' && ++this.succeeded >= threshold) {
      this.attempt = 0;
      this.#turn('closed');
    }
    return true;
  }

  trip(now: number, instance: string, current: boolean, quorum: number, voteMs: number, openMs: number): boolean {
    if (this.state !== 'closed' || this.mode !== 'automatic' || (this.written && !current)) return false;
    this.written = true;
    for (const [voter, at] of this.votes) if (at <= now - voteMs) this.votes.delete(voter);
    this.votes.set(instance, now);
    if (this.votes.size < quorum) return false;
    this.#open(now, openMs);
    return true;
  }

  setMode(mode: OperatorMode): void {
    this.written = true;
    this.mode = mode;
    this.#turn(this.state);
  }

  reset(): void {
    this.written = true;
    this.mode = 'automatic';
    this.attempt = 0;
    this.#turn('closed');
  }

  /** The store lost everything and the one who knew most put the circuit back. */
  loseAndRestore(now: number): void {
    if (!this.written) return;
    // Probes and successes are lost; a half-open circuit begins again with the next probe.
    // What is put back is the time that was left, by the clock of that moment.
    this.until = this.state === 'half-open' ? now : Math.max(this.until, now);
    this.#turn(this.state === 'closed' ? 'closed' : 'open');
  }

  #open(now: number, openMs: number): void {
    this.attempt += 1;
    this.until = now + openMs;
    this.#turn('open');
  }

  #turn(state: CircuitState): void {
    this.state = state;
    this.generation += 1;
    this.succeeded = 0;
    this.leases.clear();
    this.votes.clear();
  }
}
