/** Bytes that a signed number takes as a zigzag varint. 32 bits. */
export function sizeOfVarint(value: number): number {
  const zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
  if (zigzag < 0x80) return 1;
  if (zigzag < 0x4000) return 2;
  if (zigzag < 0x20_0000) return 3;
  if (zigzag < 0x1000_0000) return 4;
  return 5;
}

const INT30 = 0x4000_0000;

/** Bytes that a signed whole number takes as a zigzag varlong. 64 bits. */
export function sizeOfVarlong(value: number): number {
  if (value >= -INT30 && value < INT30) return sizeOfVarint(value);
  let zigzag = zigzag64(value);
  let size = 1;
  while (zigzag >= 0x80n) {
    zigzag >>= 7n;
    size += 1;
  }
  return size;
}

const zigzag64 = (value: number): bigint => (value < 0 ? -(BigInt(value) << 1n) - 1n : BigInt(value) << 1n);

/** Below this a loop in JavaScript beats the call into native code. */
const SHORT_TEXT = 24;

/** Writes one message into memory that was measured before: nothing grows and nothing is written twice. */
export class ByteWriter {
  readonly buffer: Buffer;
  offset = 0;

  constructor(memory: Buffer) {
    this.buffer = memory;
  }

  int8(value: number): void {
    this.buffer[this.offset] = value;
    this.offset += 1;
  }

  int16(value: number): void {
    const { buffer, offset } = this;
    buffer[offset] = value >>> 8;
    buffer[offset + 1] = value;
    this.offset = offset + 2;
  }

  int32(value: number): void {
    const { buffer, offset } = this;
    buffer[offset] = value >>> 24;
    buffer[offset + 1] = value >>> 16;
    buffer[offset + 2] = value >>> 8;
    buffer[offset + 3] = value;
    this.offset = offset + 4;
  }

  int64(value: bigint): void {
    this.buffer.writeBigInt64BE(value, this.offset);
    this.offset += 8;
  }

  varint(value: number): void {
    const { buffer } = this;
    let { offset } = this;
    let zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
    while (zigzag >= 0x80) {
      buffer[offset] = (zigzag & 0x7f) | 0x80;
      offset += 1;
      zigzag >>>= 7;
    }
    buffer[offset] = zigzag;
    this.offset = offset + 1;
  }

  varlong(value: number): void {
    if (value >= -INT30 && value < INT30) {
      this.varint(value);
      return;
    }
    let zigzag = zigzag64(value);
    while (zigzag >= 0x80n) {
      this.int8(Number(zigzag & 0x7fn) | 0x80);
      zigzag >>= 7n;
    }
    this.int8(Number(zigzag));
  }

  /** @param size the text's length in UTF-8. */
  text(value: string, size: number): void {
    if (size === value.length && size < SHORT_TEXT) {
      const { buffer, offset } = this;
      for (let index = 0; index < size; index += 1) buffer[offset + index] = value.charCodeAt(index);
    } else this.buffer.write(value, this.offset, size, 'utf8');
    this.offset += size;
  }

  bytes(value: Uint8Array): void {
    this.buffer.set(value, this.offset);
    this.offset += value.length;
  }

  /** Kafka's STRING: a 16-bit length and UTF-8; NULLABLE_STRING when null. */
  string(value: string | null): void {
    if (value === null) {
      this.int16(-1);
      return;
    }
    const size = Buffer.byteLength(value);
    this.int16(size);
    this.text(value, size);
  }
}

/** Bytes of Kafka's NULLABLE_STRING. */
export const sizeOfString = (value: string | null): number => 2 + (value === null ? 0 : Buffer.byteLength(value));
