import { join } from 'node:path';
import { crc32c } from '../checksum/crc32c.js';
import type { SpoolFiles } from './spool-files.js';

/*
 * file  := prefix (" " first "-" last)* " " CRC-32C of all before it in hex "\n"
 *
 * Everything up to the prefix is acknowledged, and the ranges beyond it. Numbers are decimal. The file is replaced as a
 * whole; one that is missing or damaged means that nothing is: what is still in segments is then sent again.
 */
const name = 'acknowledged';

/** More ranges are not remembered: what is in them comes again. */
const maxRanges = 10_000;

export interface Acknowledged {
  readonly prefix: number;
  readonly ahead: Iterable<number>;
}

const nothing: Acknowledged = { prefix: 0, ahead: [] };

export async function readAcknowledged(files: SpoolFiles, directory: string): Promise<Acknowledged> {
  try {
    const file = await files.open(join(directory, name), false);
    try {
      const bytes = Buffer.alloc(await file.size());
      await file.read(bytes, 0);
      return parse(bytes.toString('latin1').trimEnd());
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return nothing;
    throw error;
  }
}

export async function writeAcknowledged(files: SpoolFiles, directory: string, done: Acknowledged): Promise<void> {
  const fresh = join(directory, `${name}.new`);
  const file = await files.open(fresh, true);
  try {
    const text = [String(done.prefix), ...rangesOf(done.ahead)].join(' ');
    await file.write([Buffer.from(`${text} ${checksum(text)}\n`)], 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await files.rename(fresh, join(directory, name));
}

function parse(line: string): Acknowledged {
  const end = line.lastIndexOf(' ');
  const text = line.slice(0, Math.max(0, end));
  if (!/^\d{1,16}( \d{1,16}-\d{1,16})*$/.test(text) || line.slice(end + 1) !== checksum(text)) return nothing;
  const [prefix = '0', ...ranges] = text.split(' ');
  const ahead = ranges.flatMap((range) => {
    const [first = 0, last = 0] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
  return { prefix: Number(prefix), ahead };
}

function rangesOf(sequences: Iterable<number>): string[] {
  const sorted = [...sequences].sort((a, b) => a - b);
  const ranges: string[] = [];
  let first = 0;
  sorted.forEach((sequence, index) => {
    if (sequence - 1 !== sorted[index - 1]) first = sequence;
    if (sequence + 1 !== sorted[index + 1] && ranges.length < maxRanges) ranges.push(`${first}-${sequence}`);
  });
  return ranges;
}

function checksum(text: string): string {
  return crc32c(Buffer.from(text)).toString(16);
}
