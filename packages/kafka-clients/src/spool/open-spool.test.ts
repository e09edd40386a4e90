import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock } from '@naru/core/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openSpool } from './open-spool.js';
import type { Spool, SpooledMessage, SpoolOptions } from './spool.js';
import { nodeFiles, type SpoolFiles } from './spool-files.js';

let root: string;
let directory: string;
const opened: Spool[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'spool-'));
  directory = root;
});
afterEach(async () => {
  for (const spool of opened.splice(0)) await spool.close().catch(() => {});
  await rm(root, { recursive: true, force: true });
});

async function openHere(options: Partial<SpoolOptions> = {}): Promise<Spool> {
  const spool = await openSpool({ directory, ...options });
  opened.push(spool);
  return spool;
}

const put = (spool: Spool, text: string): number | undefined => spool.append({ topic: 't', key: 'k', value: text });
const texts = (messages: readonly SpooledMessage[]): string[] => messages.map(({ value }) => String(value));

async function readAll(spool: Spool): Promise<string[]> {
  const all: string[] = [];
  while (spool.hasUnread) all.push(...texts(await spool.read()));
  return all;
}
const segments = async (): Promise<string[]> =>
  (await readdir(directory)).filter((name) => name.endsWith('.spool')).sort();

test('gives back everything of a message', async () => {
  const spool = await openHere();
  const many = [Buffer.from('a'), 'b'];
  spool.append(
    { topic: 'realtime.trade', key: null, value: Buffer.from([0, 255]), headers: { id: '한', many } },
    'meta',
  );
  spool.append({ topic: 't', key: '', value: null });
  await spool.flush();
  const [first, second] = await spool.read();
  expect(first).toMatchObject({ sequence: 1, topic: 'realtime.trade', key: null, value: Buffer.from([0, 255]) });
  expect(first?.headers).toEqual({ id: Buffer.from('한'), many: [Buffer.from('a'), Buffer.from('b')] });
  expect(String(first?.meta)).toBe('meta');
  expect(second).toMatchObject({ sequence: 2, key: Buffer.alloc(0), value: null, meta: null });
});

test('an earlier process leaves its messages, in order and without those that were acknowledged', async () => {
  const spool = await openHere({ segmentBytes: 200 });
  for (let index = 1; index <= 20; index += 1) put(spool, `m${index}`);
  for (let sequence = 1; sequence <= 7; sequence += 1) spool.acknowledge(sequence);
  await spool.close();

  const found: number[] = [];
  const next = await openHere({ onRecovered: ({ sequence }) => found.push(sequence) });
  expect(found).toEqual([8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
  expect(next.status.messages).toBe(13);
  expect(put(next, 'new')).toBe(21);
  expect((await readAll(next)).at(0)).toBe('m8');
  next.rewind();
  expect((await readAll(next)).at(-1)).toBe('new');
});

test('disk space comes back with what is acknowledged, in whatever order, and the rest is read once', async () => {
  const spool = await openHere({ segmentBytes: 300 });
  for (let index = 1; index <= 30; index += 1) put(spool, `m${index}`);
  await spool.flush();
  const before = (await segments()).length;
  for (let sequence = 30; sequence > 10; sequence -= 1) spool.acknowledge(sequence);
  expect(await readAll(spool)).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7', 'm8', 'm9', 'm10']);
  for (let sequence = 1; sequence <= 10; sequence += 1) spool.acknowledge(sequence);
  await spool.flush();
  expect(before).toBeGreaterThan(3);
  expect(await segments()).toEqual([]);
  expect(spool.status).toMatchObject({ messages: 0, bytes: 0, oldestTimestamp: null });
  expect(put(spool, 'after')).toBe(31);
  expect(await readAll(spool)).toEqual(['after']);
});

test('a full spool refuses, says when there is room, and never passes its bound', async () => {
  const onRoom = vi.fn();
  const spool = await openHere({ maxBytes: 4_096, segmentBytes: 512, onRoom });
  const taken: number[] = [];
  for (let sequence = put(spool, 'x'.repeat(100)); sequence; sequence = put(spool, 'x'.repeat(100)))
    taken.push(sequence);
  expect(spool.status.bytes).toBeLessThanOrEqual(4_096);
  await spool.flush();
  expect(put(spool, 'x'.repeat(100))).toBeUndefined();
  onRoom.mockClear();
  for (const sequence of taken.slice(0, 10)) spool.acknowledge(sequence);
  await vi.waitFor(() => expect(onRoom).toHaveBeenCalled());
  expect(put(spool, 'x'.repeat(100))).toBeDefined();
});

test('what waits for the disk is bounded', async () => {
  const spool = await openHere({ maxPendingBytes: 1_000 });
  let count = 0;
  while (put(spool, 'x'.repeat(100)) !== undefined) count += 1;
  expect(count).toBeLessThan(10);
  await spool.flush();
  expect(put(spool, 'y')).toBeDefined();
});

test('counts what waits for the disk rightly while more is appended', async () => {
  const spool = await openHere();
  for (let round = 0; round < 20; round += 1) {
    put(spool, 'x'.repeat(round * 100));
    await new Promise((resolve) => setImmediate(resolve));
    expect(spool.status.pendingBytes).toBeGreaterThanOrEqual(0);
  }
  await spool.flush();
  expect(spool.status.pendingBytes).toBe(0);
});

test('a torn end is cut and counted, and what was before it stays', async () => {
  const spool = await openHere();
  for (const text of ['a', 'b', 'c']) put(spool, text);
  await spool.close();
  const [name = ''] = await segments();
  const bytes = await readFile(join(directory, name));
  await writeFile(join(directory, name), bytes.subarray(0, bytes.length - 3));
  const next = await openHere();
  expect(next.status).toMatchObject({ messages: 2, damaged: 0, tornBytes: bytes.length / 3 - 3 });
  expect(put(next, 'd')).toBe(3);
  expect(await readAll(next)).toEqual(['a', 'b', 'd']);
});

test('a damaged record is skipped and counted, and those behind it come', async () => {
  const spool = await openHere();
  for (const text of ['a', 'b', 'c']) put(spool, text);
  await spool.close();
  const [name = ''] = await segments();
  const bytes = await readFile(join(directory, name));
  bytes[bytes.length / 3 + 20]! ^= 1;
  await writeFile(join(directory, name), bytes);
  const next = await openHere();
  expect(next.status).toMatchObject({ messages: 2, damaged: 1, tornBytes: 0 });
  const read = await next.read();
  expect(texts(read)).toEqual(['a', 'c']);
  for (const { sequence } of read) next.acknowledge(sequence);
  await next.flush();
  expect(next.status).toMatchObject({ messages: 0, bytes: 0 });
});

test('a record that breaks between writing and reading is given up, and what follows is read', async () => {
  const spool = await openHere();
  for (const text of ['a', 'b', 'c']) put(spool, text);
  await spool.flush();
  const [name = ''] = await segments();
  const path = join(directory, name);
  const bytes = await readFile(path);
  const inTheSecond = spool.status.bytes / 3 + 5;
  bytes.writeUInt8(bytes.readUInt8(inTheSecond) ^ 0xff, inTheSecond);
  await writeFile(path, bytes);
  expect(await readAll(spool)).toEqual(['a', 'c']);
  expect(spool.status).toMatchObject({ messages: 2, damaged: 1 });
});

test('what was acknowledged behind one that is not is remembered too', async () => {
  const spool = await openHere();
  for (const text of ['a', 'b', 'c', 'd', 'e']) put(spool, text);
  for (const sequence of [1, 3, 4]) spool.acknowledge(sequence);
  await spool.close();
  const next = await openHere();
  expect(next.status.messages).toBe(2);
  expect(await readAll(next)).toEqual(['b', 'e']);
  next.acknowledge(2);
  next.acknowledge(5);
  expect(next.status.messages).toBe(0);
});

test('a damaged note of what is acknowledged only makes messages come again', async () => {
  const spool = await openHere();
  for (const text of ['a', 'b', 'c']) put(spool, text);
  spool.acknowledge(1);
  await spool.close();
  await writeFile(join(directory, 'acknowledged'), '1 deadbeef\n');
  expect(await readAll(await openHere())).toEqual(['a', 'b', 'c']);
});

test('messages larger than a chunk are read, and memory stays at about a chunk', async () => {
  const spool = await openHere();
  for (let index = 0; index < 20; index += 1) put(spool, String(index).padEnd(10_000, 'x'));
  await spool.flush();
  const sizes: number[] = [];
  while (spool.hasUnread) sizes.push((await spool.read(25_000)).length);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(2);
  spool.rewind();
  let count = 0;
  while (spool.hasUnread) count += (await spool.read(100)).length;
  expect(count).toBe(20);
});

test('two cannot have one directory, however long its path is; a dead lock is taken over', async () => {
  directory = join(directory, 'x'.repeat(120));
  const spool = await openHere();
  await expect(openSpool({ directory })).rejects.toMatchObject({
    code: 'spool_in_use',
    message: expect.stringContaining(directory),
  });
  await spool.close();
  await writeFile(join(directory, 'lock'), 'left by a copy of the directory');
  await expect(openHere()).resolves.toBeDefined();
});

test('a disk that is full is told once, loses nothing, and is written to again', async () => {
  const clock = createManualClock();
  const disk = failingFiles();
  const onError = vi.fn();
  const onRoom = vi.fn();
  const spool = await openHere({ clock, files: disk.files, onError, onRoom });
  put(spool, 'a');
  await spool.flush();
  disk.fail('ENOSPC');
  put(spool, 'b');
  await expect(spool.flush()).rejects.toMatchObject({ code: 'spool_disk_full', retryable: true });
  expect(put(spool, 'refused')).toBeUndefined();
  expect(spool.status.failure?.code).toBe('spool_disk_full');
  await clock.advance(5_000);
  expect(onError).toHaveBeenCalledTimes(1);
  // What is not on disk can be read all the same.
  expect(await readAll(spool)).toEqual(['a', 'b']);
  disk.fail(undefined);
  await clock.advance(1_000);
  await vi.waitFor(() => expect(spool.status.failure).toBeNull());
  expect(onRoom).toHaveBeenCalled();
  put(spool, 'c');
  await spool.close();
  expect(await readAll(await openHere())).toEqual(['a', 'b', 'c']);
});

test('a segment that the disk does not give back is given up after some attempts, and the next is read', async () => {
  let failing = false;
  const files: SpoolFiles = {
    ...nodeFiles,
    async open(path, create) {
      const file = await nodeFiles.open(path, create);
      return {
        ...file,
        read: (into, at) => (failing && path.includes('01.spool') ? Promise.reject(errno('EIO')) : file.read(into, at)),
      };
    },
  };
  const spool = await openHere({ files, segmentBytes: 1 });
  for (const text of ['a', 'b', 'c']) put(spool, text);
  await spool.flush();
  failing = true;
  for (let attempt = 1; attempt < 3; attempt += 1) {
    await expect(spool.read()).rejects.toMatchObject({ code: 'spool_failed' });
  }
  expect(await readAll(spool)).toEqual(['b', 'c']);
  expect(spool.status).toMatchObject({ messages: 2, damaged: 1 });
});

test('a refused directory is named with what to do', async () => {
  await writeFile(join(directory, 'file'), '');
  await expect(openSpool({ directory: join(directory, 'file') })).rejects.toMatchObject({ code: 'spool_failed' });
  const files: SpoolFiles = { ...nodeFiles, list: () => Promise.reject(errno('EACCES')) };
  await expect(openSpool({ directory, files })).rejects.toMatchObject({ code: 'spool_not_permitted' });
  // The lock was given back.
  await expect(openHere()).resolves.toBeDefined();
});

test('options that make no sense are named', async () => {
  await expect(openSpool({ directory, maxBytes: 1 })).rejects.toMatchObject({
    message: expect.stringContaining('maxBytes'),
  });
  await expect(openSpool({ directory: '' })).rejects.toMatchObject({ code: 'invalid_option' });
});

function errno(code: string): Error {
  return Object.assign(new Error(`${code}: the disk says no`), { code });
}

/** The real disk, which writes half of what it is given and fails while it is told to. */
function failingFiles(): { readonly files: SpoolFiles; fail(code: string | undefined): void } {
  let failing: string | undefined;
  return {
    fail(code) {
      failing = code;
    },
    files: {
      ...nodeFiles,
      async open(path, create) {
        const file = await nodeFiles.open(path, create);
        return {
          ...file,
          async write(parts, position) {
            if (!failing) return file.write(parts, position);
            const all = Buffer.concat(parts);
            await file.write([all.subarray(0, all.length >> 1)], position);
            throw errno(failing);
          },
        };
      },
    },
  };
}
