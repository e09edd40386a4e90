import type { ResolvedGuardLimits } from './guard-limits.js';

/** Why a scan ended; the path grows on the way out. */
export class ScanFailure extends Error {
  readonly path: (string | number)[] = [];
  readonly kind: 'invalid_bytes' | 'guard_limit';
  readonly offset: number;

  constructor(kind: 'invalid_bytes' | 'guard_limit', reason: string, offset: number) {
    super(reason);
    this.kind = kind;
    this.offset = offset;
  }
}

/** A position in bytes, and what has been spent of the limits. */
export interface ScanCursor {
  readonly bytes: Uint8Array;
  readonly end: number;
  readonly limits: ResolvedGuardLimits;
  /** Also looks into JSON text: only to find out which field a failed decode failed at. */
  readonly explaining: boolean;
  position: number;
  items: number;
  emptyItems: number;
  depth: number;
}

export function fail(cursor: ScanCursor, reason: string): never {
  throw new ScanFailure('invalid_bytes', reason, cursor.position);
}

export function failLimit(cursor: ScanCursor, reason: string): never {
  throw new ScanFailure('guard_limit', reason, cursor.position);
}

/** Passes over bytes that must be there. */
export function advance(cursor: ScanCursor, bytes: number): void {
  const next = cursor.position + bytes;
  if (next > cursor.end) fail(cursor, `${bytes} bytes are needed and ${cursor.end - cursor.position} remain`);
  cursor.position = next;
}

/*
 * long = *9( %x80-FF ) %x00-7F    ; seven bits each, lowest first; zigzag: 0, -1, 1, -2, …
 */

/** Reads a long that is meant to be small: a count, a length, an index. Those beyond 2^53 are no such thing. */
export function readLong(cursor: ScanCursor): number {
  const first = cursor.bytes[cursor.position];
  if (first !== undefined && first < 0x80 && cursor.position < cursor.end) {
    cursor.position++;
    return (first >> 1) ^ -(first & 1);
  }
  const value = readBigLong(cursor);
  if (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER)
    fail(cursor, `${value} is no count, length or index`);
  return Number(value);
}

/** Passes over a long and answers how many bytes it took. */
export function skipLong(cursor: ScanCursor): number {
  const start = cursor.position;
  let at = start;
  while (at < cursor.end && cursor.bytes[at]! >= 0x80) at++;
  if (at >= cursor.end) fail(cursor, 'the bytes end inside a number');
  const length = at + 1 - start;
  if (length > 10) fail(cursor, `a number takes ${length} bytes, and at most 10 are allowed`);
  cursor.position = at + 1;
  return length;
}

/** Reads a long with all its digits. */
export function readBigLong(cursor: ScanCursor): bigint {
  const start = cursor.position;
  skipLong(cursor);
  let zigzag = 0n;
  for (let at = cursor.position - 1; at >= start; at--) zigzag = (zigzag << 7n) | BigInt(cursor.bytes[at]! & 0x7f);
  return (zigzag >> 1n) ^ -(zigzag & 1n);
}
