import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Files that are kept open for appending. */
const MAX_OPEN = 256;
const SUFFIX = '.log';

interface OpenFile {
  readonly descriptor: number;
  length: number;
}

export interface StoredSegment {
  readonly path: string;
  readonly baseOffset: number;
  readonly bytes: Buffer;
}

/**
 * One file per segment, holding its batches as they are. Writes are synchronous, so that what was acknowledged is with
 * the operating system and outlives the process.
 *
 * ```
 * <directory>/records/<topic id>/<partition>/<base offset>.log
 * ```
 */
export class SegmentFiles {
  readonly #directory: string;
  readonly #open = new Map<string, OpenFile>();

  constructor(directory: string) {
    this.#directory = join(directory, 'records');
  }

  append(topicId: string, partition: number, baseOffset: number, batch: Buffer): void {
    const file = this.#file(this.#path(topicId, partition, baseOffset));
    try {
      for (let at = 0; at < batch.length; ) at += writeSync(file.descriptor, batch, at);
      file.length += batch.length;
    } catch (error) {
      ftruncateSync(file.descriptor, file.length);
      throw error;
    }
  }

  remove(topicId: string, partition: number, baseOffset: number): void {
    const path = this.#path(topicId, partition, baseOffset);
    this.#close(path);
    rmSync(path, { force: true });
  }

  removeTopic(topicId: string): void {
    const folder = join(this.#directory, topicId);
    for (const path of [...this.#open.keys()]) if (path.startsWith(folder)) this.#close(path);
    rmSync(folder, { recursive: true, force: true });
  }

  /** The segments of a partition, in order. */
  *read(topicId: string, partition: number): IterableIterator<StoredSegment> {
    const folder = join(this.#directory, topicId, String(partition));
    let names: readonly string[];
    try {
      names = readdirSync(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    for (const name of names.filter((each) => each.endsWith(SUFFIX)).toSorted()) {
      const path = join(folder, name);
      yield { path, baseOffset: Number(name.slice(0, -SUFFIX.length)), bytes: readFileSync(path) };
    }
  }

  /** Cuts off what follows the last sound batch of a file. */
  truncate(path: string, length: number): void {
    truncateSync(path, length);
  }

  close(): void {
    for (const path of [...this.#open.keys()]) this.#close(path);
  }

  #path(topicId: string, partition: number, baseOffset: number): string {
    return join(this.#directory, topicId, String(partition), `${String(baseOffset).padStart(20, '0')}${SUFFIX}`);
  }

  #file(path: string): OpenFile {
    const known = this.#open.get(path);
    if (known) return known;
    if (this.#open.size >= MAX_OPEN) this.#close(this.#open.keys().next().value!);
    mkdirSync(dirname(path), { recursive: true });
    const descriptor = openSync(path, 'a');
    const file = { descriptor, length: fstatSync(descriptor).size };
    this.#open.set(path, file);
    return file;
  }

  #close(path: string): void {
    const file = this.#open.get(path);
    if (!file) return;
    this.#open.delete(path);
    closeSync(file.descriptor);
  }
}
