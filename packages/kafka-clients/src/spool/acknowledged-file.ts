import { join } from 'node:path';
import { crc32c } from '../checksum/crc32c.js';
import type { SpoolFiles } from './spool-files.js';

/*
 * file := sequence in decimal | " " | CRC-32C of these digits in hex | "\n"
 *
 * Replaced as a whole. A file that is missing or damaged means 0: what is still in segments is then sent again.
 */
const name = 'acknowledged';

export async function readAcknowledged(files: SpoolFiles, directory: string): Promise<number> {
  try {
    const file = await files.open(join(directory, name), false);
    const bytes = Buffer.alloc(64);
    const length = await file.read(bytes, 0).finally(() => file.close());
    const [digits = '', sum = ''] = bytes.toString('latin1', 0, length).trim().split(' ');
    return /^\d{1,16}$/.test(digits) && sum === checksum(digits) ? Number(digits) : 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

export async function writeAcknowledged(files: SpoolFiles, directory: string, sequence: number): Promise<void> {
  const fresh = join(directory, `${name}.new`);
  const file = await files.open(fresh, true);
  try {
    const digits = String(sequence);
    await file.write([Buffer.from(`${digits} ${checksum(digits)}\n`)], 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await files.rename(fresh, join(directory, name));
}

function checksum(digits: string): string {
  return crc32c(Buffer.from(digits)).toString(16);
}
