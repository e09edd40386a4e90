/** Views at least this long are passed on instead of copied. */
const REFERENCE_BYTES = 1024;

/**
 * Writes Kafka's primitive types (grammar: `Reader`). Long byte strings such as fetched batches are kept as references,
 * so that a response is a short list of buffers and record bytes are never copied on their way out.
 */
export class Writer {
  flexible = false;
  readonly #parts: Buffer[] = [];
  #partBytes = 0;
  #buffer: Buffer;
  #start = 0;
  #offset = 0;

  constructor(initialBytes = 256) {
    this.#buffer = Buffer.allocUnsafe(initialBytes);
  }

  get length(): number {
    return this.#partBytes + this.#offset - this.#start;
  }

  #reserve(bytes: number): number {
    const at = this.#offset;
    if (at + bytes > this.#buffer.length) {
      const used = at - this.#start;
      const grown = Buffer.allocUnsafe(Math.max(2 * this.#buffer.length, used + bytes));
      this.#buffer.copy(grown, 0, this.#start, at);
      this.#buffer = grown;
      this.#start = 0;
      this.#offset = used + bytes;
      return used;
    }
    this.#offset = at + bytes;
    return at;
  }

  int8(value: number): void {
    const at = this.#reserve(1);
    this.#buffer[at] = value;
  }

  int16(value: number): void {
    const at = this.#reserve(2);
    this.#buffer.writeInt16BE((value << 16) >> 16, at);
  }

  int32(value: number): void {
    const at = this.#reserve(4);
    this.#buffer.writeInt32BE(value | 0, at);
  }

  int64(value: number): void {
    const at = this.#reserve(8);
    this.#buffer.writeInt32BE(Math.floor(value / 0x1_0000_0000) | 0, at);
    this.#buffer.writeUInt32BE(value >>> 0, at + 4);
  }

  boolean(value: boolean): void {
    this.int8(value ? 1 : 0);
  }

  uvarint(value: number): void {
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.int8((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.int8(rest);
  }

  uuid(value: string): void {
    this.raw(Buffer.from(value.replaceAll('-', ''), 'hex'));
  }

  nullableString(value: string | null): void {
    const length = value === null ? -1 : Buffer.byteLength(value);
    if (this.flexible) this.uvarint(length + 1);
    else this.int16(length);
    if (value === null || length === 0) return;
    const at = this.#reserve(length);
    this.#buffer.write(value, at, length, 'utf8');
  }

  nullableBytes(value: Uint8Array | null): void {
    const length = value === null ? -1 : value.length;
    if (this.flexible) this.uvarint(length + 1);
    else this.int32(length);
    if (value !== null) this.raw(value);
  }

  /** Bytes without a length. */
  raw(value: Uint8Array): void {
    if (value.length < REFERENCE_BYTES) {
      const at = this.#reserve(value.length);
      this.#buffer.set(value, at);
      return;
    }
    this.#seal();
    this.#parts.push(Buffer.from(value.buffer, value.byteOffset, value.length));
    this.#partBytes += value.length;
  }

  /** Count of an array's elements, -1 for null. */
  count(count: number): void {
    if (this.flexible) this.uvarint(count + 1);
    else this.int32(count);
  }

  tags(): void {
    if (this.flexible) this.uvarint(0);
  }

  /** What was written, in order; the writer is not used afterwards. */
  parts(): readonly Buffer[] {
    this.#seal();
    return this.#parts;
  }

  #seal(): void {
    if (this.#offset === this.#start) return;
    this.#parts.push(this.#buffer.subarray(this.#start, this.#offset));
    this.#partBytes += this.#offset - this.#start;
    this.#start = this.#offset;
  }
}
