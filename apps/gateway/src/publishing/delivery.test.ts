import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MarketRecord, silentLogger, type Target, targetKey } from '@naru/core';
import { createManualClock } from '@naru/core/testing';
import {
  KafkaClientError,
  type KafkaClientErrorCode,
  type OnDelivery,
  type ProducerMessage,
} from '@naru/kafka-clients';
import {
  nodeFiles,
  openSpool,
  type Spool,
  type SpooledMessage,
  type SpoolFiles,
  type SpoolOptions,
} from '@naru/kafka-clients/spool';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDelivery, type Delivery, type DeliveryOptions } from './delivery.js';
import { createRecordPublisher, type RecordPublisher } from './record-publisher.js';
import { readNote } from './spool-note.js';

const target: Target = { exchange: 'upbit', region: 'korea', request_type: 'trade' };

let root: string;
let directory: string;
const open: Spool[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'delivery-'));
  directory = join(root, 'spool');
});
afterEach(async () => {
  for (const spool of open.splice(0)) await spool.close().catch(() => {});
  await rm(root, { recursive: true, force: true });
});

/** A cluster that takes messages, or is away, or refuses the next ones. */
class Kafka {
  isAway = false;
  /** Written although the next failures say that it may not be. */
  readonly failures: { readonly code: KafkaClientErrorCode; readonly written: boolean }[] = [];
  /** Market and ids of its trades, message by message. */
  readonly log: [market: string, ids: string[]][] = [];
  readonly ids = new Map<string, string>();
  #waiting: [ProducerMessage, OnDelivery | undefined][] = [];
  #scheduled = false;

  get producer(): DeliveryOptions['producer'] {
    return {
      send: (message, decide) => {
        this.#waiting.push([message, decide]);
        this.flow();
        return undefined;
      },
      flush: async () => {},
      close: async () => {
        for (const [, decide] of this.#waiting.splice(0))
          decide?.(new KafkaClientError('closed', { code: 'closed' }), null);
      },
    };
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  flow(): void {
    if (this.#scheduled || this.isAway) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      while (!this.isAway && this.#waiting.length > 0) this.#take(...this.#waiting.shift()!);
    });
  }

  #take(message: ProducerMessage, decide: OnDelivery | undefined): void {
    const failure = this.failures.shift();
    if (!failure || failure.written) this.#write(message);
    if (failure) decide?.(new KafkaClientError('no', { code: failure.code, possiblyWritten: failure.written }), null);
    else decide?.(null, null);
  }

  #write({ key, value, headers }: ProducerMessage): void {
    const { data } = JSON.parse(String(value)) as { data: { sequential_id: string }[] };
    const ids = data.map(({ sequential_id }) => sequential_id);
    this.log.push([String(key), ids]);
    // The event id names the same content whenever it comes.
    const eventId = String(headers?.['naru-event-id']);
    expect(this.ids.get(eventId) ?? ids.join()).toBe(ids.join());
    this.ids.set(eventId, ids.join());
  }

  /** Every id once, by market, in the order of its first coming. */
  read(): Record<string, string[]> {
    const markets: Record<string, string[]> = {};
    for (const [market, ids] of this.log) {
      const seen = new Set(markets[market]);
      markets[market] = [...(markets[market] ?? []), ...ids.filter((id) => !seen.has(id))];
    }
    return markets;
  }
}

interface SetUp {
  readonly kafka?: Kafka;
  readonly spool?: boolean;
  readonly delivery?: Partial<DeliveryOptions>;
  readonly spoolOptions?: Partial<SpoolOptions>;
}

const clock = createManualClock(1_700_000_000_000);

/** One life of a gateway as far as delivery goes. */
async function live({ kafka = new Kafka(), spool: withSpool = true, delivery: more, spoolOptions }: SetUp = {}) {
  const recovered = new Map<string, number>();
  const onRecovered = (message: SpooledMessage): void => {
    const note = readNote(message)!;
    recovered.set(note.target, (recovered.get(note.target) ?? 0) + note.extent.records);
  };
  const spool = withSpool ? await openSpool({ directory, clock, onRecovered, ...spoolOptions }) : undefined;
  if (spool) open.push(spool);
  const lost: [reason: string, records: number][] = [];
  const fullness: boolean[] = [];
  const delivery: Delivery = createDelivery({
    producer: kafka.producer,
    spool,
    maxMemoryBytes: 1_000_000,
    stallMs: 2_000,
    ownerOf: (key) => (key === targetKey(target) ? publisher : undefined),
    onFull: (full) => {
      fullness.push(full);
      if (full) publisher.hold('full');
      else publisher.release('full');
    },
    clock,
    logger: silentLogger,
    ...more,
  });
  const publisher: RecordPublisher = createRecordPublisher({
    target,
    topic: 'trades',
    delivery,
    encode: (batch) => Buffer.from(JSON.stringify(batch)),
    instanceId: 'here',
    clock,
    maxBatchRecords: 1,
    maxBatchWaitMs: 10,
    onLost: ({ records }, reason) => lost.push([reason, records]),
  });
  delivery.start(recovered);
  const accounts = () => {
    const { accounts: found } = publisher.snapshot();
    expect(found.received).toBe(found.acknowledged + found.conflated + found.dropped + found.buffered);
    expect(found.spooled).toBeLessThanOrEqual(found.buffered);
    return found;
  };
  return {
    kafka,
    spool,
    delivery,
    publisher,
    lost,
    fullness,
    accounts,
    send: (...ids: number[]) => publish(publisher, ids),
  };
}

function publish(publisher: RecordPublisher, ids: readonly number[]): void {
  for (const id of ids) {
    const record = {
      code: id % 2 ? 'KRW-BTC' : 'KRW-ETH',
      sequential_id: String(id),
      trade_timestamp: id,
      received_at: clock.now() / 1_000,
    };
    publisher.publish([record as unknown as MarketRecord], 'c', 1);
  }
}

/** Lets disk and clock go on until something holds: the clock is the test's, the disk takes the time it takes. */
async function until(holds: () => boolean, stepMs = 250): Promise<void> {
  const giveUpAt = performance.now() + 20_000;
  while (!holds() && performance.now() < giveUpAt) {
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(stepMs);
  }
  expect(holds()).toBe(true);
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const inOrder = (from: number, to: number) => ({
  'KRW-BTC': range(from, to)
    .filter((id) => id % 2)
    .map(String),
  'KRW-ETH': range(from, to)
    .filter((id) => id % 2 === 0)
    .map(String),
});

test('while Kafka takes messages nothing touches the spool', async () => {
  const { send, accounts, spool, kafka, delivery } = await live();
  send(...range(1, 100));
  await until(() => accounts().buffered === 0);
  expect(accounts()).toMatchObject({ acknowledged: 100, spooled: 0 });
  expect(kafka.read()).toEqual(inOrder(1, 100));
  expect(spool?.status.bytes).toBe(0);
  expect(delivery.status).toMatchObject({ mode: 'direct', memoryBytes: 0 });
});

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

test('an end does not wait for a Kafka that is away when there is a spool, and without one drops what is left', async () => {
  const { send, kafka, delivery, accounts, lost } = await live({ spool: false });
  kafka.isAway = true;
  send(1, 2, 3);
  const ended = delivery.close(5_000);
  await clock.advance(4_999);
  expect(accounts().buffered).toBe(3);
  await clock.advance(1);
  expect(await ended).toEqual({ delivered: false, spooled: 0, dropped: 3 });
  expect(accounts()).toMatchObject({ dropped: 3, buffered: 0 });
  expect(lost).toEqual([
    ['shutdown', 1],
    ['shutdown', 1],
    ['shutdown', 1],
  ]);
});

test('an end waits for what Kafka still takes', async () => {
  const { send, delivery, accounts } = await live();
  send(1, 2, 3);
  expect(await delivery.close(5_000)).toEqual({ delivered: true, spooled: 0, dropped: 0 });
  expect(accounts()).toMatchObject({ acknowledged: 3, buffered: 0 });
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

test('what Kafka will never take is dropped and does not come again', async () => {
  const { send, kafka, accounts, lost } = await live();
  kafka.failures.push({ code: 'message_too_large', written: false });
  send(1, 2);
  await until(() => accounts().buffered === 0);
  expect(accounts()).toMatchObject({ acknowledged: 1, dropped: 1 });
  expect(lost).toEqual([['rejected', 1]]);
});

test('without a spool memory is bounded, the oldest are kept, and there is room again in time', async () => {
  const { send, kafka, accounts, fullness, delivery, lost } = await live({
    spool: false,
    delivery: { maxMemoryBytes: 10_000 },
  });
  kafka.isAway = true;
  send(...range(1, 100));
  expect(delivery.status).toMatchObject({ isFull: true, spool: null });
  expect(delivery.status.memoryBytes).toBeLessThan(10_600);
  const kept = accounts().buffered;
  expect(accounts().dropped).toBe(100 - kept);
  expect(lost.every(([reason]) => reason === 'buffer_full')).toBe(true);
  kafka.isAway = false;
  kafka.flow();
  await until(() => accounts().buffered === 0);
  expect(fullness).toEqual([true, false]);
  expect(kafka.read()).toEqual(inOrder(1, kept));
  send(201, 202);
  await until(() => accounts().buffered === 0);
  expect(kafka.log).toHaveLength(kept + 2);
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
  const [name = ''] = (await readdir(directory)).filter((file) => file.endsWith('.spool'));
  const bytes = await readFile(join(directory, name));
  bytes[bytes.length - 2]! ^= 1;
  await writeFile(join(directory, name), bytes);
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

type Step = { readonly do: 'send' | 'away' | 'back' | 'wait' | 'fail' | 'restart'; readonly size: number };
const step: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom(
    'send' as const,
    'send' as const,
    'send' as const,
    'away' as const,
    'back' as const,
    'wait' as const,
    'wait' as const,
    'fail' as const,
    'restart' as const,
  ),
  size: fc.integer({ min: 1, max: 30 }),
});

test('whatever happens, every record is in Kafka or accounted for, in the order of its market', async () => {
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      round += 1;
      directory = join(root, String(round));
      const kafka = new Kafka();
      let hasFailed = false;
      let next = 1;
      let acknowledged = 0;
      const options = { kafka, delivery: { maxMemoryBytes: 30_000 } };
      let life = await live(options);
      for (const { do: what, size } of steps) {
        if (what === 'send') {
          life.send(...range(next, next + size - 1));
          next += size;
        } else if (what === 'away') kafka.isAway = true;
        else if (what === 'back') {
          kafka.isAway = false;
          kafka.flow();
        } else if (what === 'wait') {
          await new Promise((resolve) => setImmediate(resolve));
          await clock.advance(size * 200);
        } else if (what === 'fail') {
          hasFailed = true;
          kafka.failures.push({ code: 'delivery_timeout', written: size % 2 === 0 });
        } else {
          let ended = false;
          const closing = life.delivery.close(10_000).then((end) => {
            ended = true;
            expect(end.dropped).toBe(0);
          });
          await until(() => ended);
          await closing;
          acknowledged += life.accounts().acknowledged;
          life = await live(options);
        }
        life.accounts();
      }
      kafka.isAway = false;
      kafka.flow();
      await until(() => life.accounts().buffered === 0);
      expect(life.accounts().dropped).toBe(0);
      const read = kafka.read();
      const wanted = inOrder(1, next - 1);
      for (const market of ['KRW-BTC', 'KRW-ETH'] as const) {
        const found = read[market] ?? [];
        // A refusal by Kafka lets what is already behind it pass; nothing else does.
        expect(hasFailed ? found.toSorted((a, b) => Number(a) - Number(b)) : found).toEqual(wanted[market]);
      }
      expect(life.delivery.status).toMatchObject({ memoryBytes: 0 });
      // Each is counted once, but for those that an end left to the disk and Kafka took all the same.
      expect(acknowledged + life.accounts().acknowledged).toBeGreaterThanOrEqual(next - 1);
      await life.spool?.close();
    }),
    { numRuns: 40, seed: 5 },
  );
}, 60_000);
