import kafkajs from 'kafkajs';
import { type Codec, loadCodec, type Packing } from '../compression/codecs.js';

const { CompressionCodecs, CompressionTypes } = kafkajs;

/** By their numbers in a batch's attributes. */
export const compressionTypes: Readonly<Record<Packing, number>> = {
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
};

const registered = new Map<number, Codec>();

/**
 * Loads a codec and makes it known, to kafkajs as well: where kafkajs decodes itself it has only gzip of its own, which
 * stays.
 *
 * @throws {KafkaClientError} `codec_missing`
 */
export async function registerCodec(compression: Packing): Promise<Codec> {
  const type = compressionTypes[compression];
  const codec = registered.get(type) ?? (await loadCodec(compression));
  registered.set(type, codec);
  if (compression !== 'gzip') {
    (CompressionCodecs as Record<number, unknown>)[type] = () => ({
      compress: (encoder: { readonly buffer: Buffer }) => codec.compress(encoder.buffer),
      decompress: (bytes: Buffer) => codec.decompress(bytes, Number.POSITIVE_INFINITY),
    });
  }
  return codec;
}

/** A consumer takes whatever producers chose: every codec that is installed is made known. */
export async function registerInstalledCodecs(): Promise<void> {
  for (const compression of Object.keys(compressionTypes) as Packing[]) {
    // Not installed: a batch that needs it fails with `codec_missing`.
    await registerCodec(compression).catch(() => {});
  }
}

/** The codec of a number, when it is known. */
export function registeredCodec(type: number): Codec | undefined {
  return registered.get(type);
}
