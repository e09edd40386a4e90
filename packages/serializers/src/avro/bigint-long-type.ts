import avro from 'avsc';

const min = -(2n ** 63n);
const max = 2n ** 63n - 1n;

/** Longs as BigInt: all 64 bits, where a number is exact only within ±(2^53 − 2). */
export function createBigIntLongType(): avro.Type {
  return avro.types.LongType.__with({
    fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
    toBuffer(value: bigint) {
      const bytes = Buffer.allocUnsafe(8);
      bytes.writeBigInt64LE(value);
      return bytes;
    },
    // Defaults come from the schema as numbers; text is what survives avsc's error messages.
    fromJSON: (value: number | string) => BigInt(value),
    toJSON: (value: bigint) => value.toString(),
    isValid: (value: unknown) => typeof value === 'bigint' && value >= min && value <= max,
    compare: (a: bigint, b: bigint) => (a === b ? 0 : a < b ? -1 : 1),
  });
}
