import { randomUUID } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { rename, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { KafkaClientError } from '../kafka-client-error.js';

/** Takes a directory for this process; the answer gives it back. */
export type Unlock = () => Promise<void>;

const lockName = 'lock';

/** Paths of sockets are cut at 104 to 108 bytes, depending on the system. */
const longestSocketPath = 100;

/**
 * The lock is a socket that the holder listens on: it ends with its process however that ends, and a process id that
 * another container gave to another process means nothing to it. A lock file with a process id has neither virtue.
 *
 * @throws {KafkaClientError} `spool_in_use`
 */
export async function lockDirectory(directory: string): Promise<Unlock> {
  // The way through the open directory is short, however long its path is.
  const short = process.platform === 'linux' && join(directory, lockName).length > longestSocketPath;
  const descriptor = short ? openSync(directory, 'r') : undefined;
  const path =
    process.platform === 'win32'
      ? `\\\\.\\pipe\\naru-spool-${Buffer.from(directory).toString('hex')}`
      : join(descriptor === undefined ? directory : `/proc/self/fd/${descriptor}`, lockName);
  try {
    const server = (await listen(path)) ?? (await takeOver(path, directory));
    return () =>
      new Promise((resolve) => {
        server.close(() => {
          if (descriptor !== undefined) closeSync(descriptor);
          resolve();
        });
      });
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor);
    throw error;
  }
}

/** Undefined when something has that name already. */
function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

async function takeOver(path: string, directory: string): Promise<Server> {
  const inUse = (): KafkaClientError =>
    new KafkaClientError(
      `Another process has the spool in ${directory} open. Give each process a directory of its own.`,
      {
        code: 'spool_in_use',
      },
    );
  if (await isHeld(path)) throw inUse();
  // Two that find the same dead lock: the one whose renaming fails, or whose name is taken meanwhile, is too late.
  const aside = `${path}-${randomUUID().slice(0, 8)}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw inUse();
    throw error;
  }
  if (await isHeld(aside)) {
    await rename(aside, path);
    throw inUse();
  }
  await unlink(aside);
  const server = await listen(path);
  if (!server) throw inUse();
  return server;
}

function isHeld(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
