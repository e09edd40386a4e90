import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeFiles, type SpoolFiles } from '@naru/kafka-clients/spool';
import { expect, test } from 'vitest';
import { deliveryUnderTest, inOrder, range } from '../testing/delivery-under-test.js';

const { clock, live, until, spoolDirectory } = deliveryUnderTest();

test('nothing acknowledged for the time of a stall: all of it is on disk, what is new follows, and order is kept', async () => {
  const { send, accounts, kafka, delivery } = await live();
  kafka.isAway = true;
  send(...range(1, 10));
  await clock.advance(1_500);
  expect(delivery.status.mode).toBe('direct');
  await until(() => delivery.status.mode === 'spooling');
  expect(accounts()).toMatchObject({ buffered: 10, spooled: 10 });
  send(...range(11, 20));
  expect(accounts()).toMatchObject({ buffered: 20, spooled: 20 });
  expect(kafka.waiting).toBe(10);
  kafka.isAway = false;
  kafka.flow();
  await until(() => delivery.status.mode === 'direct');
  send(21, 22);
  await until(() => accounts().buffered === 0);
  // The producer had the first ten all the time: nothing was sent twice.
  expect(kafka.log).toHaveLength(22);
  expect(kafka.read()).toEqual(inOrder(1, 22));
  expect(delivery.status).toMatchObject({ memoryBytes: 0, spool: { messages: 0 } });
});

test('what is sent while the spool is replayed goes behind it', async () => {
  const { send, kafka, delivery, accounts } = await live({ delivery: { maxMemoryBytes: 10_000 } });
  kafka.isAway = true;
  send(...range(1, 60));
  await until(() => delivery.status.mode === 'spooling');
  kafka.isAway = false;
  kafka.flow();
  for (let id = 61; id <= 120; id += 1) {
    send(id);
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(60);
  }
  await until(() => delivery.status.mode === 'direct' && accounts().buffered === 0);
  expect(kafka.read()).toEqual(inOrder(1, 120));
});

test('the next process sends what is left, accounts for it, and keeps the event ids', async () => {
  const first = await live();
  first.kafka.isAway = true;
  first.send(...range(1, 10));
  const ended = first.delivery.close(30_000);
  await until(() => first.kafka.waiting === 0);
  expect(await ended).toEqual({ delivered: false, spooled: 10, dropped: 0 });
  expect(first.accounts()).toMatchObject({ received: 10, buffered: 10, spooled: 10, dropped: 0 });

  const second = await live({ kafka: first.kafka });
  expect(second.accounts()).toMatchObject({ received: 10, recovered: 10, buffered: 10, spooled: 10 });
  second.send(11, 12);
  first.kafka.isAway = false;
  first.kafka.flow();
  await until(() => second.accounts().buffered === 0);
  expect(first.kafka.read()).toEqual(inOrder(1, 12));
  expect(second.accounts()).toMatchObject({ received: 12, acknowledged: 12, spooled: 0 });
});

test.each([
  ['surely not written', false],
  ['perhaps written', true],
])('a message that failed, %s, is sent again from the spool', async (_, written) => {
  const { send, kafka, accounts, lost } = await live();
  kafka.failures.push({ code: 'delivery_timeout', written });
  send(1, 2, 3);
  await until(() => accounts().buffered === 0);
  expect(accounts().acknowledged).toBe(3);
  expect(kafka.log).toHaveLength(written ? 4 : 3);
  expect([...kafka.ids.values()].sort()).toEqual(['1', '2', '3']);
  expect(lost).toEqual([]);
});

test('a replay that fails is tried again, and loses nothing', async () => {
  const { send, kafka, accounts, delivery } = await live();
  kafka.isAway = true;
  send(...range(1, 5));
  await until(() => delivery.status.mode === 'spooling');
  send(...range(6, 20));
  kafka.failures.push(...range(1, 8).map(() => ({ code: 'not_authorized' as const, written: false })));
  kafka.isAway = false;
  kafka.flow();
  await until(() => accounts().buffered === 0);
  expect(accounts()).toMatchObject({ acknowledged: 20, dropped: 0, spooled: 0 });
  expect(Object.values(kafka.read()).flat()).toHaveLength(20);
});

test('a spool that is full leaves memory, and then the policies', async () => {
  const { send, kafka, accounts, fullness, spool, delivery } = await live({
    delivery: { maxMemoryBytes: 20_000 },
    spoolOptions: { maxBytes: 8_192, segmentBytes: 1_024 },
  });
  kafka.isAway = true;
  send(...range(1, 5));
  await until(() => delivery.status.mode === 'spooling');
  for (let id = 6; id <= 300; id += 1) send(id);
  expect(fullness).toEqual([true]);
  expect(spool?.status.bytes).toBeLessThanOrEqual(8_192);
  const kept = accounts().buffered;
  expect(accounts().dropped).toBe(300 - kept);
  kafka.isAway = false;
  kafka.flow();
  await until(() => accounts().buffered === 0);
  expect(kafka.read()).toEqual(inOrder(1, kept));
  expect(delivery.status).toMatchObject({ mode: 'direct', isFull: false, memoryBytes: 0 });
});

test('a disk that refuses leaves memory, and what is there goes to Kafka when it is back', async () => {
  const disk = failingDisk();
  const { send, kafka, accounts, delivery, spool, lost } = await live({ spoolOptions: { files: disk.files } });
  kafka.isAway = true;
  send(...range(1, 5));
  await until(() => delivery.status.mode === 'spooling');
  await spool?.flush();
  disk.isFull = true;
  send(6);
  await until(() => spool?.status.failure?.code === 'spool_disk_full');
  send(...range(7, 60));
  expect(accounts()).toMatchObject({ buffered: 60, spooled: 6, dropped: 0 });
  kafka.isAway = false;
  kafka.flow();
  await until(() => accounts().buffered === 0);
  expect(kafka.read()).toEqual(inOrder(1, 60));
  expect(lost).toEqual([]);
  expect(delivery.status).toMatchObject({ mode: 'direct', memoryBytes: 0 });
});

test('what the disk does not give back is accounted for as dropped', async () => {
  const first = await live();
  first.kafka.isAway = true;
  first.send(...range(1, 5));
  await until(() => first.delivery.status.mode === 'spooling');
  first.send(...range(6, 9));
  await first.spool?.flush();
  // A bit of the last record turns while the first five, which the producer has as well, are still on their way.
  const [name = ''] = (await readdir(spoolDirectory())).filter((file) => file.endsWith('.spool'));
  const bytes = await readFile(join(spoolDirectory(), name));
  bytes[bytes.length - 2]! ^= 1;
  await writeFile(join(spoolDirectory(), name), bytes);
  first.kafka.isAway = false;
  first.kafka.flow();
  await until(() => first.accounts().buffered === 0);
  expect(first.accounts()).toMatchObject({ acknowledged: 8, dropped: 1, spooled: 0 });
  expect(first.lost).toEqual([['spool_damaged', 1]]);
});

test('one message that waits too long is on disk although others go on', async () => {
  const { send, kafka, accounts, spool, delivery } = await live();
  kafka.isAway = true;
  send(1);
  const stuck = kafka.producer;
  expect(stuck).toBeDefined();
  await clock.advance(1_900);
  expect(spool?.status.messages).toBe(0);
  await clock.advance(500);
  expect(spool?.status.messages).toBe(1);
  expect(accounts()).toMatchObject({ buffered: 1, spooled: 1 });
  kafka.isAway = false;
  kafka.flow();
  await until(() => delivery.status.mode === 'direct');
  expect(spool?.status.messages).toBe(0);
});

/** The real disk, which has no space left while it is told so. */
function failingDisk(): { readonly files: SpoolFiles; isFull: boolean } {
  const disk = {
    isFull: false,
    files: {
      ...nodeFiles,
      async open(path: string, create: boolean) {
        const file = await nodeFiles.open(path, create);
        const write: typeof file.write = (parts, position) =>
          disk.isFull
            ? Promise.reject(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }))
            : file.write(parts, position);
        return { ...file, write };
      },
    } satisfies SpoolFiles,
  };
  return disk;
}
