import { join } from 'node:path';
import type { SpoolFile, SpoolFiles } from './spool-files.js';

const suffix = '.spool';

/** One file of the log. What is appended waits in memory until it is written; reading sees both as one. */
export class Segment {
  readonly path: string;
  /** No message in it has a lower sequence. */
  readonly base: number;
  lastSequence: number;
  firstTimestamp: number | null = null;
  /** Bytes of records, written or waiting. */
  size: number;
  written: number;
  /** Written since the last sync. */
  dirty = false;
  removed = false;
  readonly #files: SpoolFiles;
  readonly #directory: string;
  /** There is no file yet. */
  #isNew: boolean;
  /** The directory is synced with the file's name in it. */
  #isNamed: boolean;
  #file: Promise<SpoolFile> | undefined;
  #waiting: Buffer[] = [];

  /** @param size of the file, when there is one already */
  constructor(files: SpoolFiles, directory: string, base: number, size?: number) {
    this.#files = files;
    this.#directory = directory;
    this.path = join(directory, `${String(base).padStart(16, '0')}${suffix}`);
    this.base = base;
    this.lastSequence = base - 1;
    this.size = size ?? 0;
    this.written = this.size;
    this.#isNew = size === undefined;
    this.#isNamed = !this.#isNew;
  }

  /** The base of the segment that a file is, or undefined for another file. */
  static baseOf(fileName: string): number | undefined {
    const match = /^(\d{16})\.spool$/.exec(fileName);
    return match ? Number(match[1]) : undefined;
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  append(record: Buffer, sequence: number, timestamp: number): void {
    this.firstTimestamp ??= timestamp;
    this.lastSequence = sequence;
    this.size += record.length;
    this.#waiting.push(record);
  }

  /** Writes what waits, some of it; answers how many bytes. What failed is written again at the same place. */
  async write(maxBytes: number): Promise<number> {
    const file = await this.#open();
    let bytes = 0;
    let count = 0;
    // An operating system takes at most 1,024 parts at once.
    while (count < this.#waiting.length && count < 1_024 && bytes < maxBytes) {
      bytes += this.#waiting[count]!.length;
      count += 1;
    }
    await file.write(this.#waiting.slice(0, count), this.written);
    this.#waiting.splice(0, count);
    this.written += bytes;
    this.dirty = true;
    return bytes;
  }

  async sync(): Promise<void> {
    const file = await this.#open();
    this.dirty = false;
    try {
      await file.sync();
      if (!this.#isNamed) await this.#files.syncDirectory(this.#directory);
      this.#isNamed = true;
    } catch (error) {
      this.dirty = true;
      throw error;
    }
  }

  /** Up to so many bytes from a place; fewer at the end, or where what is written ends. */
  async read(from: number, maxBytes: number): Promise<Buffer> {
    if (from >= this.written) return this.#readWaiting(from, maxBytes);
    const file = await this.#open();
    const bytes = Buffer.allocUnsafe(Math.min(maxBytes, this.written - from));
    return bytes.subarray(0, await file.read(bytes, from));
  }

  /** Answers the bytes that were never written. */
  async remove(): Promise<number> {
    this.removed = true;
    const unwritten = this.size - this.written;
    this.#waiting = [];
    this.size = this.written;
    if (this.#isNew) return unwritten;
    await this.close();
    await this.#files.remove(this.path);
    return unwritten;
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    if (file) await (await file).close();
  }

  #readWaiting(from: number, maxBytes: number): Buffer {
    let at = this.written;
    const parts: Buffer[] = [];
    let bytes = 0;
    for (const part of this.#waiting) {
      if (at >= from && bytes < maxBytes) {
        parts.push(part);
        bytes += part.length;
      }
      at += part.length;
    }
    return Buffer.concat(parts);
  }

  #open(): Promise<SpoolFile> {
    this.#file ??= this.#files.open(this.path, this.#isNew).then(
      (file) => {
        this.#isNew = false;
        return file;
      },
      (error: unknown) => {
        this.#file = undefined;
        throw error;
      },
    );
    return this.#file;
  }
}
