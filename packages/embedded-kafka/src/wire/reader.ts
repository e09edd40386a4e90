import { ProtocolError } from './protocol-error.js';

/** Elements of arrays that one message may hold in all; a frame of one-byte elements would otherwise grow a hundredfold. */
const MAX_ELEMENTS = 500_000;

/**
 * Reads Kafka's primitive types from one frame. In flexible messages strings, bytes and arrays carry their length
 * plus one as an unsigned varint, and every structure ends with tagged fields; otherwise lengths are signed integers.
 *
 * ```
 * STRING  = length:INT16 bytes   | length+1:UVARINT bytes       (flexible)
 * BYTES   = length:INT32 bytes   | length+1:UVARINT bytes       (flexible)
 * ARRAY   = count:INT32 item*    | count+1:UVARINT item*        (flexible)
 * TAGS    = nothing              | count:UVARINT (tag:UVARINT size:UVARINT bytes)*
 * null    = length -1            | 0
 * ```
 */
export class Reader {
  readonly buffer: Buffer;
  offset: number;
  flexible = false;
  #elements = 0;

  constructor(buffer: Buffer, offset = 0) {
    this.buffer = buffer;
    this.offset = offset;
  }

  get remaining(): number {
    return this.buffer.length - this.offset;
  }

  #advance(bytes: number): number {
    const at = this.offset;
    if (bytes < 0 || at + bytes > this.buffer.length) {
      throw new ProtocolError(
        `the message ends at byte ${this.buffer.length}, a field of ${bytes} bytes starts at ${at}`,
      );
    }
    this.offset = at + bytes;
    return at;
  }

  int8(): number {
    return this.buffer.readInt8(this.#advance(1));
  }

  int16(): number {
    return this.buffer.readInt16BE(this.#advance(2));
  }

  int32(): number {
    return this.buffer.readInt32BE(this.#advance(4));
  }

  /** As a number: exact within ±2^53, which covers offsets, ids and times. */
  int64(): number {
    const at = this.#advance(8);
    return this.buffer.readInt32BE(at) * 0x1_0000_0000 + this.buffer.readUInt32BE(at + 4);
  }

  boolean(): boolean {
    return this.int8() !== 0;
  }

  uvarint(): number {
    let value = 0;
    for (let shift = 0; shift <= 28; shift += 7) {
      const byte = this.buffer[this.#advance(1)]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new ProtocolError(`a varint at byte ${this.offset} is longer than five bytes`);
  }

  uuid(): string {
    const at = this.#advance(16);
    const hex = this.buffer.toString('hex', at, at + 16);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  nullableString(): string | null {
    const length = this.flexible ? this.uvarint() - 1 : this.int16();
    if (length < 0) return null;
    const at = this.#advance(length);
    return this.buffer.toString('utf8', at, at + length);
  }

  string(): string {
    return this.nullableString() ?? this.#missing('string');
  }

  /** A view on the frame, not a copy. */
  nullableBytes(): Buffer | null {
    const length = this.flexible ? this.uvarint() - 1 : this.int32();
    if (length < 0) return null;
    const at = this.#advance(length);
    return this.buffer.subarray(at, at + length);
  }

  bytes(): Buffer {
    return this.nullableBytes() ?? this.#missing('byte string');
  }

  /** Count of an array's elements, -1 for null. */
  count(): number {
    const count = this.flexible ? this.uvarint() - 1 : this.int32();
    if (count > this.remaining) {
      throw new ProtocolError(`an array claims ${count} elements, ${this.remaining} bytes are left`);
    }
    this.#elements += Math.max(0, count);
    if (this.#elements > MAX_ELEMENTS) throw new ProtocolError(`the message holds more than ${MAX_ELEMENTS} elements`);
    return count;
  }

  tags(): void {
    if (!this.flexible) return;
    for (let left = this.uvarint(); left > 0; left--) {
      this.uvarint();
      this.#advance(this.uvarint());
    }
  }

  #missing(what: string): never {
    throw new ProtocolError(`a ${what} before byte ${this.offset} is null where none may be`);
  }
}
