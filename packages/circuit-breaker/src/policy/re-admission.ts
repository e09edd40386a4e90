/**
 * Lets calls back in along a straight line after a circuit closed, so that what just recovered is not met by
 * everybody at once. Every process follows the same line, because it begins at the store's moment of closing.
 */
export class ReAdmission {
  readonly #rampMs: number;
  // The first call always passes: whoever calls once a minute notices no ramp.
  #credit = 1;

  constructor(rampMs: number) {
    this.#rampMs = rampMs;
  }

  /** Ms until every call passes again. */
  remainingMs(closedForMs: number): number {
    return Math.max(0, this.#rampMs - closedForMs);
  }

  /** Whether the next call passes; on average as many as the line allows at this moment. */
  admits(closedForMs: number): boolean {
    this.#credit += Math.min(1, Math.max(0, closedForMs / this.#rampMs));
    if (this.#credit < 1) return false;
    this.#credit -= 1;
    return true;
  }

  restart(): void {
    this.#credit = 1;
  }
}
