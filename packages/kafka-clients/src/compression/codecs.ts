import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { KafkaClientError } from '../kafka-client-error.js';
import type { Compression } from '../transport/transport-producer.js';
import { sizeOfLz4 } from './lz4-frame.js';
import { sizeOfSnappy, snappyBlocks } from './snappy-stream.js';
import { tooMuch } from './too-much.js';
import { sizeOfZstd } from './zstd-frame.js';

/** What really packs. */
export type Packing = Exclude<Compression, 'none' | 'best'>;

type Transform = (bytes: Buffer) => Promise<Buffer>;

export interface Codec {
  readonly compress: Transform;
  /** The same at once, where that costs less than a turn of another thread does for what is small. */
  readonly compressSmall?: (bytes: Buffer) => Buffer;
  /** Unpacks no more than that, or one block more; for what is larger it throws. */
  readonly decompress: (bytes: Buffer, maxBytes: number) => Promise<Buffer>;
}

const gunzip = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip);

const gzip: Codec = {
  compress: promisify<Buffer, Buffer>(zlib.gzip),
  // Its format does not say beforehand what comes out: it stops on the way.
  decompress: (bytes, maxBytes) =>
    gunzip(bytes, { maxOutputLength: maxBytes }).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ERR_BUFFER_TOO_LARGE' ? tooMuch(maxBytes) : error;
    }),
};

/** What looks at the sizes in the bytes before it unpacks them. */
function bounded(sizeOf: (bytes: Buffer) => number, decompress: Transform): Codec['decompress'] {
  return async (bytes, maxBytes) => {
    if (sizeOf(bytes) > maxBytes) throw tooMuch(maxBytes);
    return decompress(bytes);
  };
}

/** Optional packages: they are asked for only when a topic or a producer needs them. */
interface OptionalModule {
  readonly compress?: Transform;
  readonly compressSync?: (bytes: Buffer) => Buffer;
  readonly decompress?: Transform;
  readonly uncompress?: (bytes: Buffer) => Promise<Buffer | string>;
  readonly compressFrame?: Transform;
  readonly compressFrameSync?: (bytes: Buffer) => Buffer;
  readonly decompressFrame?: Transform;
}

type Load = (name: string) => Promise<object>;

async function optional(name: string, load: Load): Promise<OptionalModule> {
  const loaded = (await load(name)) as OptionalModule & { readonly default?: OptionalModule };
  return { ...loaded.default, ...loaded };
}

const importing: Load = (name) => import(name);

/** Node's own Zstandard, from 22.15 on. */
const nodeZstd = (): { readonly compress: Transform; readonly decompress: Transform } | undefined => {
  const { zstdCompress, zstdDecompress } = zlib as unknown as Readonly<
    Record<
      'zstdCompress' | 'zstdDecompress',
      ((bytes: Buffer, done: (error: Error | null, result: Buffer) => void) => void) | undefined
    >
  >;
  return zstdCompress && zstdDecompress && { compress: promisify(zstdCompress), decompress: promisify(zstdDecompress) };
};

const loaders: Readonly<Record<Packing, (load: Load) => Promise<Codec>>> = {
  gzip: async () => gzip,
  async lz4(load) {
    const { compressFrame, compressFrameSync, decompressFrame } = await optional('lz4-napi', load);
    return {
      compress: compressFrame!,
      compressSmall: compressFrameSync!,
      decompress: bounded(sizeOfLz4, decompressFrame!),
    };
  },
  async snappy(load) {
    const { compress, compressSync, uncompress } = await optional('snappy', load);
    return {
      compress: (bytes) => compress!(bytes),
      compressSmall: (bytes) => compressSync!(bytes),
      async decompress(bytes, maxBytes) {
        const blocks = snappyBlocks(bytes);
        if (sizeOfSnappy(blocks) > maxBytes) throw tooMuch(maxBytes);
        const unpacked: Buffer[] = [];
        for (const block of blocks) unpacked.push(Buffer.from(await uncompress!(block)));
        return Buffer.concat(unpacked);
      },
    };
  },
  async zstd(load) {
    const { compress, decompress } = nodeZstd() ?? (await optional('@mongodb-js/zstd', load));
    return { compress: (bytes) => compress!(bytes), decompress: bounded(sizeOfZstd, decompress!) };
  },
};

const needs: Readonly<Record<Exclude<Packing, 'gzip'>, string>> = {
  lz4: 'the package lz4-napi: install it',
  snappy: 'the package snappy: install it',
  zstd: 'Node 22.15 or newer, or the package @mongodb-js/zstd: install it',
};

/** What packs best of that which is here: lz4 costs least, zstd is next, gzip is in every Node. */
export async function bestPacking(load: Load = importing): Promise<Packing> {
  for (const packing of ['lz4', 'zstd'] as const) {
    const codec = await loadCodec(packing, load).catch(() => undefined);
    if (codec) return packing;
  }
  return 'gzip';
}

/** @throws {KafkaClientError} `codec_missing` where a package is not installed */
export async function loadCodec(compression: Packing, load: Load = importing): Promise<Codec> {
  try {
    return await loaders[compression](load);
  } catch (cause) {
    const what = compression === 'gzip' ? 'zlib' : needs[compression];
    throw new KafkaClientError(`Compression ${compression} needs ${what}, or choose gzip.`, {
      code: 'codec_missing',
      cause,
    });
  }
}
