import { ProtocolError } from '../wire/protocol-error.js';

/** Bytes of incomplete frames over all connections. */
export interface PendingBytes {
  held: number;
  readonly max: number;
}

const LENGTH_BYTES = 4;

/**
 * Cuts a connection's bytes into frames. Frames that lie whole within one chunk are views of it; only those that
 * arrive in pieces are put together by a copy.
 *
 * ```
 * frame = length:INT32 content
 * ```
 */
export class FrameSplitter {
  readonly #maxFrameBytes: number;
  readonly #pending: PendingBytes;
  #pieces: Buffer[] = [];
  #pieceBytes = 0;

  constructor(maxFrameBytes: number, pending: PendingBytes) {
    this.#maxFrameBytes = maxFrameBytes;
    this.#pending = pending;
  }

  /** Calls `onFrame` for each frame that is whole now. Throws a `ProtocolError` for a length out of bounds. */
  push(chunk: Buffer, onFrame: (frame: Buffer) => void): void {
    let bytes = chunk;
    if (this.#pieceBytes > 0) {
      this.#keep(chunk);
      if (!this.#isNextWhole()) return;
      bytes = Buffer.concat(this.#pieces, this.#pieceBytes);
      this.clear();
    }
    let at = 0;
    while (bytes.length - at >= LENGTH_BYTES) {
      const end = at + LENGTH_BYTES + this.#frameLength(bytes, at);
      if (end > bytes.length) break;
      onFrame(bytes.subarray(at + LENGTH_BYTES, end));
      at = end;
    }
    if (at < bytes.length) this.#keep(bytes.subarray(at));
  }

  /** Lets go of what has arrived in part. */
  clear(): void {
    this.#pending.held -= this.#pieceBytes;
    this.#pieces = [];
    this.#pieceBytes = 0;
  }

  #keep(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#pieceBytes += piece.length;
    this.#pending.held += piece.length;
    if (this.#pending.held > this.#pending.max) {
      throw new ProtocolError(
        `requests in arrival hold ${this.#pending.held} bytes, the limit is ${this.#pending.max}`,
      );
    }
  }

  #isNextWhole(): boolean {
    if (this.#pieceBytes < LENGTH_BYTES) return false;
    if (this.#pieces[0]!.length < LENGTH_BYTES) this.#pieces = [Buffer.concat(this.#pieces, this.#pieceBytes)];
    return this.#pieceBytes >= LENGTH_BYTES + this.#frameLength(this.#pieces[0]!, 0);
  }

  #frameLength(bytes: Buffer, at: number): number {
    const length = bytes.readInt32BE(at);
    if (length >= 0 && length <= this.#maxFrameBytes) return length;
    throw new ProtocolError(`a frame of ${length} bytes is announced, the limit is ${this.#maxFrameBytes}`);
  }
}
