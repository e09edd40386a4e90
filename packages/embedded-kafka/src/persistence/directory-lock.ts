import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedKafkaError } from '../embedded-kafka-error.js';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Takes a directory for this process; the answer gives it back. A lock that a dead process left is taken over. */
export function lockDirectory(directory: string): () => void {
  const file = join(directory, 'lock');
  try {
    writeFileSync(file, `${process.pid}`, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const holder = Number(readFileSync(file, 'utf8'));
    if (Number.isInteger(holder) && holder > 0 && isAlive(holder)) {
      throw new EmbeddedKafkaError(
        `Option "dataDir" is ${directory}, which process ${holder} is using; give each broker a directory of its own.`,
        { code: 'directory_in_use' },
      );
    }
    writeFileSync(file, `${process.pid}`);
  }
  return () => rmSync(file, { force: true });
}
