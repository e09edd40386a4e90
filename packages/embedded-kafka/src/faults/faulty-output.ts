import type { Socket } from 'node:net';
import type { Clock } from '../clock.js';
import type { ConnectionFault } from './faults.js';

/** Slices of a slow answer per second. */
const SLICES_PER_SECOND = 20;

/** Sends answers at a limited rate, or only up to a number of bytes and then cuts the connection. */
export class FaultyOutput {
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #sliceBytes: number;
  #bytesUntilCut: number;
  #waiting: Buffer[] = [];
  #isSending = false;

  constructor(socket: Socket, fault: ConnectionFault, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    this.#sliceBytes =
      fault.bytesPerSecond === undefined
        ? Number.POSITIVE_INFINITY
        : Math.max(1, Math.floor(fault.bytesPerSecond / SLICES_PER_SECOND));
    this.#bytesUntilCut = fault.cutAfterBytes ?? Number.POSITIVE_INFINITY;
  }

  write(parts: readonly Buffer[]): void {
    this.#waiting.push(...parts);
    if (!this.#isSending) this.#send();
  }

  #send(): void {
    this.#isSending = false;
    let left = this.#sliceBytes;
    while (left > 0 && this.#waiting.length > 0) {
      const part = this.#waiting.shift()!;
      const bytes = Math.min(part.length, left, this.#bytesUntilCut);
      this.#socket.write(part.subarray(0, bytes));
      left -= bytes;
      this.#bytesUntilCut -= bytes;
      if (bytes < part.length) this.#waiting.unshift(part.subarray(bytes));
      if (this.#bytesUntilCut <= 0) {
        this.#waiting = [];
        // What was written still goes out before the connection ends.
        this.#socket.destroySoon();
        return;
      }
    }
    if (this.#waiting.length === 0 || this.#socket.destroyed) return;
    this.#isSending = true;
    this.#clock.schedule(1000 / SLICES_PER_SECOND, () => this.#send());
  }
}
