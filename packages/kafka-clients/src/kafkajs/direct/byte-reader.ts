/** Reads numbers and slices one after the other. Reading past the end throws a RangeError. */
export class ByteReader {
  readonly buffer: Buffer;
  offset: number;
  readonly end: number;

  constructor(buffer: Buffer, offset = 0, end: number = buffer.length) {
    this.buffer = buffer;
    this.offset = offset;
    this.end = end;
  }

  get left(): number {
    return this.end - this.offset;
  }

  int8(): number {
    this.offset += 1;
    return this.buffer.readInt8(this.offset - 1);
  }

  int16(): number {
    this.offset += 2;
    return this.buffer.readInt16BE(this.offset - 2);
  }

  int32(): number {
    this.offset += 4;
    return this.buffer.readInt32BE(this.offset - 4);
  }

  int64(): bigint {
    this.offset += 8;
    return this.buffer.readBigInt64BE(this.offset - 8);
  }

  skip(bytes: number): void {
    this.offset += bytes;
  }

  string(): string {
    const length = this.int16();
    this.offset += Math.max(0, length);
    return length < 0 ? '' : this.buffer.toString('utf8', this.offset - length, this.offset);
  }

  /** A zigzag varint of up to 32 bits. */
  varint(): number {
    const { buffer } = this;
    let byte = buffer[this.offset++];
    if (byte === undefined) throw new RangeError('A record ends in the middle of a number.');
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1);
    let value = byte & 0x7f;
    for (let shift = 7; shift < 35; shift += 7) {
      byte = buffer[this.offset++];
      if (byte === undefined) break;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    }
    throw new RangeError('A record holds a number of more than 32 bits.');
  }

  /** A zigzag varlong; exact up to 2^53. */
  varlong(): number {
    let low = 0;
    let scale = 1;
    for (let count = 0; count < 10; count += 1) {
      const byte = this.buffer[this.offset++];
      if (byte === undefined) break;
      low += (byte & 0x7f) * scale;
      if (byte < 0x80) return low % 2 === 0 ? low / 2 : -(low + 1) / 2;
      scale *= 128;
    }
    throw new RangeError('A record holds a number of more than 64 bits.');
  }

  /** A varint length and that many bytes; null for a negative length. */
  varBytes(): Buffer | null {
    const length = this.varint();
    if (length < 0) return null;
    const from = this.offset;
    this.offset = from + length;
    if (this.offset > this.end) throw new RangeError('A record is longer than its batch.');
    return this.buffer.subarray(from, this.offset);
  }
}
