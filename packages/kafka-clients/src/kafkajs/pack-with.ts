import type { Codec } from '../compression/codecs.js';
import type { Pack } from './direct/produce-request-encoder.js';

/** Records of fewer bytes are sent as they are: what they would save is less than what it costs. */
export const leastPacked = 512;

/** Up to so many bytes packing at once costs less than handing them to another thread, and holds the loop for under 0.2 ms. */
export const mostAtOnce: number = 32 * 1024;

/** Packs with a codec where it pays: neither what is tiny, nor what would not get smaller. */
export function packWith({ compress, compressSmall }: Pick<Codec, 'compress' | 'compressSmall'>): Pack {
  return (records) => {
    if (records.length < leastPacked) return undefined;
    if (compressSmall && records.length <= mostAtOnce) return ifSmaller(compressSmall(records), records);
    return compress(records).then((packed) => ifSmaller(packed, records));
  };
}

const ifSmaller = (packed: Buffer, records: Buffer): Buffer | undefined =>
  packed.length < records.length ? packed : undefined;
