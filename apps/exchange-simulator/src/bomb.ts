import { gzipSync } from 'node:zlib';

/** A small frame that unpacks to 64 MiB of spaces. */
export const bomb = (): Buffer => {
  packed ??= gzipSync(Buffer.alloc(64 * 1024 * 1024, 32));
  return packed;
};

let packed: Buffer | undefined;
