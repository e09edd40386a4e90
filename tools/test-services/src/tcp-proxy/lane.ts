import type { Socket } from 'node:net';
import type { Toxics } from './toxics.js';

/** Bytes held back before the sender is slowed. */
const MAX_HELD = 1024 * 1024;

/** One direction of one connection: what comes from `from` goes to `to`, late, slowly or in pieces. */
export class Lane {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #toxics: () => Toxics;
  readonly #onPassed: (bytes: number) => void;
  readonly #held: { readonly chunk: Buffer; readonly arrivedAt: number }[] = [];
  #heldBytes = 0;
  #ended = false;
  #timer: NodeJS.Timeout | undefined;
  #freeAt = 0;
  #draining = false;

  /** @param onPassed hears how many bytes were handed on. */
  constructor(from: Socket, to: Socket, toxics: () => Toxics, onPassed: (bytes: number) => void) {
    this.#from = from;
    this.#to = to;
    this.#toxics = toxics;
    this.#onPassed = onPassed;
    from.on('data', (chunk: Buffer) => {
      this.#held.push({ chunk, arrivedAt: performance.now() });
      this.#heldBytes += chunk.length;
      if (this.#heldBytes > MAX_HELD) from.pause();
      this.look();
    });
    from.on('end', () => {
      this.#ended = true;
      this.look();
    });
    to.on('drain', () => {
      this.#draining = false;
      this.look();
    });
    to.once('close', () => clearTimeout(this.#timer));
  }

  /** Hands on what is due. To be called when the toxics have changed, too. */
  look(): void {
    clearTimeout(this.#timer);
    while (this.#held.length > 0) {
      const { delayMs = 0, bytesPerSecond, pieceBytes, frozen } = this.#toxics();
      if (frozen || this.#draining || this.#to.destroyed) return;
      const { chunk, arrivedAt } = this.#held[0]!;
      const now = performance.now();
      const dueAt = Math.max(arrivedAt + delayMs, this.#freeAt);
      if (dueAt > now) {
        this.#timer = setTimeout(() => this.look(), Math.ceil(dueAt - now));
        return;
      }
      // A slow line hands on what it carries in a fiftieth of a second.
      const limit = Math.min(
        pieceBytes ?? chunk.length,
        bytesPerSecond ? Math.ceil(bytesPerSecond / 50) : chunk.length,
      );
      const piece = chunk.subarray(0, Math.max(1, limit));
      if (piece.length === chunk.length) this.#held.shift();
      else this.#held[0] = { chunk: chunk.subarray(piece.length), arrivedAt };
      if (bytesPerSecond) this.#freeAt = now + (1_000 * piece.length) / bytesPerSecond;
      this.#heldBytes -= piece.length;
      if (this.#heldBytes <= MAX_HELD && this.#from.isPaused()) this.#from.resume();
      this.#draining = !this.#to.write(piece);
      this.#onPassed(piece.length);
    }
    if (this.#ended && !this.#toxics().frozen) this.#to.end();
  }
}
