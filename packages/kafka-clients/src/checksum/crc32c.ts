/** Castagnoli's polynomial, bits reversed. */
const POLYNOMIAL = 0x82f63b78;

/** Sixteen tables: the effect of a byte that is followed by 0 to 15 more. */
const TABLES: readonly Int32Array[] = createTables();

function createTables(): Int32Array[] {
  const tables = Array.from({ length: 16 }, () => new Int32Array(256));
  const first = tables[0]!;
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    first[byte] = crc;
  }
  for (let index = 1; index < 16; index += 1) {
    const table = tables[index]!;
    const before = tables[index - 1]!;
    for (let byte = 0; byte < 256; byte += 1) table[byte] = (before[byte]! >>> 8) ^ first[before[byte]! & 0xff]!;
  }
  return tables;
}

const [T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15] = TABLES as unknown as Int32Array[] & {
  readonly length: 16;
};

/**
 * CRC-32C of `bytes` from `from` up to `to`, as record batches carry it (RFC 3720). Sixteen bytes a step, read as words
 * where the memory allows it: the byte-wise loop is what made checksums the dearest part of sending.
 */
export function crc32c(bytes: Uint8Array, from = 0, to: number = bytes.length): number {
  let crc = -1;
  let at = from;
  while (at < to && ((bytes.byteOffset + at) & 3) !== 0) {
    crc = T0![(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
    at += 1;
  }
  const blocks = (to - at) >> 4;
  if (blocks > 0 && LITTLE_ENDIAN) {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, blocks * 4);
    for (let word = 0; word < words.length; word += 4) {
      const a = crc ^ words[word]!;
      const b = words[word + 1]!;
      const c = words[word + 2]!;
      const d = words[word + 3]!;
      crc =
        T15![a & 0xff]! ^
        T14![(a >>> 8) & 0xff]! ^
        T13![(a >>> 16) & 0xff]! ^
        T12![a >>> 24]! ^
        T11![b & 0xff]! ^
        T10![(b >>> 8) & 0xff]! ^
        T9![(b >>> 16) & 0xff]! ^
        T8![b >>> 24]! ^
        T7![c & 0xff]! ^
        T6![(c >>> 8) & 0xff]! ^
        T5![(c >>> 16) & 0xff]! ^
        T4![c >>> 24]! ^
        T3![d & 0xff]! ^
        T2![(d >>> 8) & 0xff]! ^
        T1![(d >>> 16) & 0xff]! ^
        T0![d >>> 24]!;
    }
    at += blocks * 16;
  }
  for (; at < to; at += 1) crc = T0![(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

const LITTLE_ENDIAN: boolean = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
