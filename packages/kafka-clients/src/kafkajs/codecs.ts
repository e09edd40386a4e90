import { promisify } from 'node:util';
import zlib from 'node:zlib';
import kafkajs from 'kafkajs';
import { KafkaClientError } from '../kafka-client-error.js';
import type { Compression } from '../transport/transport-producer.js';

type Transform = (bytes: Buffer) => Promise<Buffer>;

interface Codec {
  readonly compress: Transform;
  readonly decompress: Transform;
}

const { CompressionCodecs, CompressionTypes } = kafkajs;

const gzip: Codec = {
  compress: promisify<Buffer, Buffer>(zlib.gzip),
  decompress: promisify<Buffer, Buffer>(zlib.gunzip),
};

/** Optional packages: they are asked for only when a topic or a producer needs them. */
interface OptionalModule {
  readonly compress?: Transform;
  readonly decompress?: Transform;
  readonly uncompress?: (bytes: Buffer) => Promise<Buffer | string>;
  readonly compressFrame?: Transform;
  readonly decompressFrame?: Transform;
}

type Load = (name: string) => Promise<object>;

async function optional(name: string, load: Load): Promise<OptionalModule> {
  const loaded = (await load(name)) as OptionalModule & { readonly default?: OptionalModule };
  return { ...loaded.default, ...loaded };
}

const importing: Load = (name) => import(name);

/** Node's own Zstandard, from 22.15 on. */
const nodeZstd = (): Codec | undefined => {
  const { zstdCompress, zstdDecompress } = zlib as unknown as Readonly<
    Record<
      'zstdCompress' | 'zstdDecompress',
      ((bytes: Buffer, done: (error: Error | null, result: Buffer) => void) => void) | undefined
    >
  >;
  return zstdCompress && zstdDecompress && { compress: promisify(zstdCompress), decompress: promisify(zstdDecompress) };
};

const loaders: Readonly<Record<Exclude<Compression, 'none'>, (load: Load) => Promise<Codec>>> = {
  gzip: async () => gzip,
  async lz4(load) {
    const { compressFrame, decompressFrame } = await optional('lz4-napi', load);
    return { compress: compressFrame!, decompress: decompressFrame! };
  },
  async snappy(load) {
    const { compress, uncompress } = await optional('snappy', load);
    return {
      compress: (bytes) => compress!(bytes),
      decompress: (bytes) => unframe(bytes, async (block) => Buffer.from(await uncompress!(block))),
    };
  },
  async zstd(load) {
    const own = nodeZstd();
    if (own) return own;
    const { compress, decompress } = await optional('@mongodb-js/zstd', load);
    return { compress: (bytes) => compress!(bytes), decompress: decompress! };
  },
};

const needs: Readonly<Record<Exclude<Compression, 'none' | 'gzip'>, string>> = {
  lz4: 'the package lz4-napi: install it',
  snappy: 'the package snappy: install it',
  zstd: 'Node 22.15 or newer, or the package @mongodb-js/zstd: install it',
};

/** What a producer needs to compress; undefined for none. @throws {KafkaClientError} `codec_missing`. */
export async function loadCodec(compression: Compression, load: Load = importing): Promise<Transform | undefined> {
  if (compression === 'none') return undefined;
  try {
    const codec = await loaders[compression](load);
    register(compression, codec);
    return codec.compress;
  } catch (cause) {
    const what = compression === 'gzip' ? 'zlib' : needs[compression];
    throw new KafkaClientError(`Compression ${compression} needs ${what}, or choose gzip.`, {
      code: 'codec_missing',
      cause,
    });
  }
}

const types = {
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
} as const;

/** kafkajs decodes what it fetches with the codecs registered here; it has only gzip of its own. */
function register(compression: Exclude<Compression, 'none'>, codec: Codec): void {
  if (compression === 'gzip') return;
  (CompressionCodecs as Record<number, unknown>)[types[compression]] = () => ({
    compress: (encoder: { readonly buffer: Buffer }) => codec.compress(encoder.buffer),
    decompress: codec.decompress,
  });
}

/** A consumer takes whatever producers chose: every codec that is installed is made known to kafkajs. */
export async function registerInstalledCodecs(): Promise<void> {
  for (const compression of ['lz4', 'snappy', 'zstd'] as const) {
    try {
      register(compression, await loaders[compression](importing));
    } catch {
      // Not installed: a batch that needs it fails with `codec_missing`.
    }
  }
}

/** Java's Snappy stream: magic, two versions, then blocks with a 32-bit length; librdkafka writes bare blocks. */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);

async function unframe(bytes: Buffer, uncompress: Transform): Promise<Buffer> {
  if (!bytes.subarray(0, 8).equals(XERIAL_MAGIC)) return uncompress(bytes);
  const blocks: Buffer[] = [];
  for (let at = 16; at + 4 <= bytes.length; ) {
    const size = bytes.readInt32BE(at);
    blocks.push(await uncompress(bytes.subarray(at + 4, at + 4 + size)));
    at += 4 + size;
  }
  return Buffer.concat(blocks);
}
