import { type FileHandle, open, readdir, rename, truncate, unlink } from 'node:fs/promises';

/** A file that is written at places and read at places. */
export interface SpoolFile {
  /** Writes all of it, or rejects with a part of it written. */
  write(parts: readonly Buffer[], position: number): Promise<void>;
  /** Fills as much of `into` as there is; answers how much. */
  read(into: Buffer, position: number): Promise<number>;
  sync(): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

/** What a spool asks of the disk. */
export interface SpoolFiles {
  list(directory: string): Promise<string[]>;
  /** Opens for reading and writing; `create` makes it empty. */
  open(path: string, create: boolean): Promise<SpoolFile>;
  /** Makes the names of new files outlive the machine, where the system can. */
  syncDirectory(directory: string): Promise<void>;
  truncate(path: string, bytes: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}

export const nodeFiles: SpoolFiles = {
  list: (directory) => readdir(directory),
  open: async (path, create) => fileOf(await open(path, create ? 'w+' : 'r+')),
  async syncDirectory(directory) {
    if (process.platform === 'win32') return;
    const handle = await open(directory, 'r');
    await handle.sync().finally(() => handle.close());
  },
  truncate,
  rename,
  remove: (path) => unlink(path),
};

function fileOf(handle: FileHandle): SpoolFile {
  return {
    async write(parts, position) {
      let left = [...parts];
      let at = position;
      while (left.length > 0) {
        const { bytesWritten } = await handle.writev(left, at);
        at += bytesWritten;
        left = withoutFirst(left, bytesWritten);
      }
    },
    async read(into, position) {
      let filled = 0;
      while (filled < into.length) {
        const { bytesRead } = await handle.read(into, filled, into.length - filled, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return filled;
    },
    sync: () => handle.sync(),
    size: async () => (await handle.stat()).size,
    close: () => handle.close(),
  };
}

function withoutFirst(parts: readonly Buffer[], bytes: number): Buffer[] {
  let skip = bytes;
  return parts.flatMap((part) => {
    const from = Math.min(skip, part.length);
    skip -= from;
    return from === part.length ? [] : [part.subarray(from)];
  });
}
