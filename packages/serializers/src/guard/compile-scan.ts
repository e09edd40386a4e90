import {
  advance,
  fail,
  failLimit,
  readBigLong,
  readLong,
  type ScanCursor,
  ScanFailure,
  skipLong,
} from './scan-cursor.js';
import type { RecordNode, SchemaNode } from './schema-graph.js';
import type { SmallestEncoding } from './smallest-encoding.js';

/** Passes over one value, or throws a ScanFailure. */
export type Scan = (cursor: ScanCursor) => void;

// avsc reads longs as numbers within these bounds.
const mostExactLong = 9_007_199_254_740_990n;

/** Compiles the scan of a schema into closures. `bigLongs`: whether longs may use all their 64 bits. */
export function compileScan(root: SchemaNode, smallest: SmallestEncoding, bigLongs: boolean): Scan {
  const compiled = new Map<RecordNode, Scan>();

  const compile = (node: SchemaNode): Scan => {
    switch (node.kind) {
      case 'fixed':
        return scanFixed(node.bytes);
      case 'boolean':
        return scanBoolean;
      case 'int':
        return scanInt;
      case 'long':
        return bigLongs ? skipLong : scanExactLong;
      case 'string':
        return node.isJson ? scanJsonText : scanLengthPrefixed;
      case 'bytes':
        return scanLengthPrefixed;
      case 'enum':
        return scanEnum(node.symbols);
      case 'array':
        return scanArray(compile(node.items), smallest(node.items));
      case 'map':
        return scanMap(compile(node.values), smallest(node.values));
      case 'union':
        return scanUnion(node.branches.map(compile));
      case 'record':
        return compileRecord(node);
    }
  };

  const compileRecord = (node: RecordNode): Scan => {
    const known = compiled.get(node);
    if (known) return known;
    let scan: Scan | undefined;
    // A record that contains itself finds this before its own scan exists.
    compiled.set(node, (cursor) => scan!(cursor));
    scan = scanRecord(
      node.fields.map((field) => field.name),
      node.fields.map((field) => compile(field.node)),
    );
    return scan;
  };

  return compile(root);
}

function scanRecord(names: readonly string[], scans: readonly Scan[]): Scan {
  return (cursor) => {
    if (++cursor.depth > cursor.limits.maxDepth)
      failLimit(cursor, `records lie more than ${cursor.limits.maxDepth} deep`);
    let at = 0;
    try {
      for (; at < scans.length; at++) scans[at]!(cursor);
    } catch (error) {
      if (error instanceof ScanFailure) error.path.unshift(names[at]!);
      throw error;
    }
    cursor.depth--;
  };
}

/*
 * blocks = *( count [size] count*item ) %x00    ; a negative count stands for its absolute value and has a size
 */
function nextBlock(cursor: ScanCursor, smallestItem: number): number {
  let count = readLong(cursor);
  if (count < 0) {
    count = -count;
    skipLong(cursor);
  }
  if (count > 0) claimItems(cursor, count, smallestItem);
  return count;
}

function scanArray(scanItem: Scan, smallestItem: number): Scan {
  return (cursor) => {
    let index = 0;
    try {
      for (let left = nextBlock(cursor, smallestItem); left > 0; left = nextBlock(cursor, smallestItem)) {
        for (; left > 0; left--, index++) scanItem(cursor);
      }
    } catch (error) {
      if (error instanceof ScanFailure) error.path.unshift(index);
      throw error;
    }
  };
}

function scanMap(scanValue: Scan, smallestValue: number): Scan {
  const smallestEntry = 1 + smallestValue;
  return (cursor) => {
    let keyStart = -1;
    try {
      for (let left = nextBlock(cursor, smallestEntry); left > 0; left = nextBlock(cursor, smallestEntry)) {
        for (; left > 0; left--) {
          keyStart = -1;
          const start = cursor.position;
          scanLengthPrefixed(cursor);
          keyStart = start;
          scanValue(cursor);
        }
        keyStart = -1;
      }
    } catch (error) {
      if (error instanceof ScanFailure && keyStart >= 0) error.path.unshift(textAt(cursor, keyStart));
      throw error;
    }
  };
}

function textAt(cursor: ScanCursor, start: number): string {
  const probe: ScanCursor = { ...cursor, position: start };
  const length = readLong(probe);
  return new TextDecoder().decode(cursor.bytes.subarray(probe.position, probe.position + length));
}

function claimItems(cursor: ScanCursor, count: number, smallestItem: number): void {
  const remaining = cursor.end - cursor.position;
  if (count * smallestItem > remaining) {
    fail(cursor, `a block of ${count} items needs at least ${count * smallestItem} bytes and ${remaining} remain`);
  }
  cursor.items += count;
  if (cursor.items > cursor.limits.maxItems) failLimit(cursor, `there are more than ${cursor.limits.maxItems} items`);
  if (smallestItem > 0) return;
  cursor.emptyItems += count;
  if (cursor.emptyItems > cursor.limits.maxEmptyItems) {
    failLimit(cursor, `there are more than ${cursor.limits.maxEmptyItems} items that take no bytes`);
  }
}

function scanUnion(branches: readonly Scan[]): Scan {
  return (cursor) => {
    const index = readLong(cursor);
    const scan = branches[index];
    if (!scan) fail(cursor, `the union has no branch ${index}`);
    scan(cursor);
  };
}

function scanFixed(bytes: number): Scan {
  return bytes === 0 ? () => {} : (cursor) => advance(cursor, bytes);
}

function scanBoolean(cursor: ScanCursor): void {
  const byte = cursor.bytes[cursor.position];
  advance(cursor, 1);
  if (byte! > 1) fail(cursor, `a boolean is ${byte}, not 0 or 1`);
}

function scanInt(cursor: ScanCursor): void {
  const start = cursor.position;
  if (skipLong(cursor) < 5) return;
  cursor.position = start;
  const value = readBigLong(cursor);
  if (value > 0x7fffffffn || value < -0x80000000n) fail(cursor, `${value} is no 32-bit int`);
}

function scanExactLong(cursor: ScanCursor): void {
  const start = cursor.position;
  if (skipLong(cursor) < 8) return;
  cursor.position = start;
  const value = readBigLong(cursor);
  if (value > mostExactLong || value < -mostExactLong) {
    fail(cursor, `the long ${value} does not fit a number exactly; read longs as "bigint"`);
  }
}

function scanLengthPrefixed(cursor: ScanCursor): void {
  const length = readLong(cursor);
  if (length < 0) fail(cursor, `a length is ${length}`);
  if (length > cursor.limits.maxStringBytes) {
    failLimit(cursor, `a string of ${length} bytes is longer than ${cursor.limits.maxStringBytes}`);
  }
  advance(cursor, length);
}

function scanJsonText(cursor: ScanCursor): void {
  const start = cursor.position;
  scanLengthPrefixed(cursor);
  if (!cursor.explaining) return;
  try {
    JSON.parse(textAt(cursor, start));
  } catch {
    fail(cursor, 'the text is not JSON');
  }
}

function scanEnum(symbols: number): Scan {
  return (cursor) => {
    const index = readLong(cursor);
    if (index < 0 || index >= symbols) fail(cursor, `the enum has no symbol ${index}`);
  };
}
