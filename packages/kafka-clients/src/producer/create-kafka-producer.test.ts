import { createManualClock } from '@naru/core/testing';
import { expect, test } from 'vitest';
import { KafkaClientError } from '../kafka-client-error.js';
import { createMemoryTransport } from '../testing/memory/create-memory-transport.js';
import { createKafkaProducer } from './create-kafka-producer.js';
import type { KafkaProducerOptions } from './kafka-producer.js';
import type { DeliveryReport } from './message.js';
import type { ProducerEvent } from './producer-events.js';

const valuesOf = (records: readonly { readonly value: Buffer | null }[]): string[] =>
  records.map(({ value }) => String(value));

async function connected(options: Omit<KafkaProducerOptions, 'clock'>) {
  const clock = createManualClock(1_700_000_000_000);
  const producer = createKafkaProducer({ retryBackoffMs: 100, ...options, clock });
  await producer.connect();
  return { clock, producer };
}

test('sends one batch when the linger time is over', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  const { clock, producer } = await connected({ transport, lingerMs: 50 });
  const reports: (DeliveryReport | null)[] = [];
  for (const value of ['a', 'b', 'c']) producer.send({ topic: 't', value }, (_, report) => reports.push(report));
  await clock.advance(49);
  expect(transport.produceCalls).toBe(0);
  await clock.advance(1);
  expect(transport.produceCalls).toBe(1);
  expect(reports).toEqual(
    ['0', '1', '2'].map((offset) => ({ topic: 't', partition: 0, offset, latencyMs: 50, possiblyDuplicated: false })),
  );
});

test.each([
  ['count', { batchCount: 3 }, 3],
  ['bytes', { batchBytes: 300 }, 3],
])('sends a batch before that when it is full by %s', async (_, limits, messages) => {
  const transport = createMemoryTransport({ partitions: 1 });
  const { clock, producer } = await connected({ transport, lingerMs: 50, ...limits });
  await producer.send({ topic: 't', value: 'x'.repeat(30) });
  await producer.send({ topic: 't', value: 'x'.repeat(30) });
  await clock.advance(0);
  expect(transport.produceCalls).toBe(0);
  await producer.send({ topic: 't', value: 'x'.repeat(30) });
  await clock.advance(0);
  expect(transport.records('t')[0]).toHaveLength(messages);
});

test('sends what came in one turn together when it does not linger', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  const { producer } = await connected({ transport, lingerMs: 0 });
  await producer.sendAndWait({ topic: 't', value: 'first' });
  await Promise.all(['a', 'b', 'c'].map((value) => producer.sendAndWait({ topic: 't', value })));
  expect(transport.produceCalls).toBe(2);
});

test('keeps the order of a partition through retries while other partitions go on', async () => {
  let failures = 3;
  const transport = createMemoryTransport({
    partitions: 2,
    beforeWrite: ({ partition }) => {
      if (partition !== 0 || failures === 0) return;
      failures -= 1;
      throw new KafkaClientError('Leader moved.', { code: 'not_leader', retryable: true });
    },
  });
  const { clock, producer } = await connected({ transport, lingerMs: 0, batchCount: 2 });
  const values = ['a', 'b', 'c', 'd', 'e'];
  for (const value of values) {
    producer.send({ topic: 't', partition: 0, value });
    producer.send({ topic: 't', partition: 1, value });
  }
  await clock.advance(0);
  expect(valuesOf(transport.records('t')[0]!)).toEqual([]);
  expect(valuesOf(transport.records('t')[1]!)).toEqual(values);
  await clock.advance(10_000);
  expect(valuesOf(transport.records('t')[0]!)).toEqual(values);
});

test('writes nothing twice when the acknowledgement is lost', async () => {
  let lose = true;
  const transport = createMemoryTransport({
    partitions: 1,
    afterWrite: () => {
      if (!lose) return;
      lose = false;
      throw new KafkaClientError('Connection lost.', {
        code: 'connection_failed',
        retryable: true,
        possiblyWritten: true,
      });
    },
  });
  const { clock, producer } = await connected({ transport, lingerMs: 0 });
  const delivery = producer.sendAndWait({ topic: 't', value: 'once' });
  await clock.advance(1_000);
  expect(await delivery).toMatchObject({ offset: '0', possiblyDuplicated: false });
  expect(transport.records('t')[0]).toHaveLength(1);
});

test('recovers with a new identity when the broker has forgotten the old one, and says what may be double', async () => {
  let lose = false;
  const transport = createMemoryTransport({
    partitions: 1,
    afterWrite: () => {
      if (!lose) return;
      lose = false;
      transport.forgetProducers();
      throw new KafkaClientError('Connection lost.', {
        code: 'connection_failed',
        retryable: true,
        possiblyWritten: true,
      });
    },
  });
  const { clock, producer } = await connected({ transport, lingerMs: 0 });
  await producer.sendAndWait({ topic: 't', value: 'before' });
  transport.forgetProducers();
  const plain = producer.sendAndWait({ topic: 't', value: 'refused once' });
  await clock.advance(1_000);
  expect(await plain).toMatchObject({ possiblyDuplicated: false });
  lose = true;
  const doubted = producer.sendAndWait({ topic: 't', value: 'in doubt' });
  await clock.advance(5_000);
  expect(await doubted).toMatchObject({ possiblyDuplicated: true });
  expect(valuesOf(transport.records('t')[0]!)).toEqual(['before', 'refused once', 'in doubt', 'in doubt']);
  expect(await producer.sendAndWait({ topic: 't', value: 'after' })).toMatchObject({ possiblyDuplicated: false });
});

test('gives a message up when its time is over and says whether it may be in the log', async () => {
  const transport = createMemoryTransport({
    partitions: 1,
    beforeWrite: ({ records }) => {
      if (records[0]!.value === 'refused') throw new KafkaClientError('Busy.', { code: 'not_leader', retryable: true });
      if (records[0]!.value === 'hung') return new Promise(() => {});
    },
  });
  const { clock, producer } = await connected({ transport, lingerMs: 0, deliveryTimeoutMs: 5_000 });
  const refused = producer.sendAndWait({ topic: 't', value: 'refused' }).catch((error) => error);
  await clock.advance(20_000);
  expect(await refused).toMatchObject({ code: 'delivery_timeout', possiblyWritten: false });
  const hung = producer.sendAndWait({ topic: 't', value: 'hung' }).catch((error) => error);
  await clock.advance(5_000);
  expect(await hung).toMatchObject({ code: 'delivery_timeout', possiblyWritten: true });
  expect(await producer.sendAndWait({ topic: 't', value: 'next' })).toMatchObject({ offset: '0' });
});

test('halves a batch that the broker finds too large until each part fits', async () => {
  const transport = createMemoryTransport({
    partitions: 1,
    beforeWrite: ({ records }) => {
      if (records.length > 2) throw new KafkaClientError('Too large.', { code: 'message_too_large' });
    },
  });
  const { clock, producer } = await connected({ transport, lingerMs: 0 });
  const values = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const deliveries = Promise.all(values.map((value) => producer.sendAndWait({ topic: 't', value })));
  await clock.advance(0);
  expect((await deliveries).map(({ offset }) => offset)).toEqual(['0', '1', '2', '3', '4', '5', '6']);
  expect(valuesOf(transport.records('t')[0]!)).toEqual(values);
});

test('lets senders wait above the high watermark until the queue is under the low one', async () => {
  let open: (() => void) | undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const events: ProducerEvent[] = [];
  const transport = createMemoryTransport({ partitions: 1, beforeWrite: () => gate });
  const { clock, producer } = await connected({
    transport,
    lingerMs: 0,
    maxQueuedMessages: 10,
    onEvent: (event) => events.push(event),
  });
  const waits = Array.from({ length: 12 }, (_, index) => producer.send({ topic: 't', value: String(index) }));
  expect(waits.filter((wait) => wait !== undefined)).toHaveLength(4);
  expect(producer.queueStatus).toMatchObject({
    queue_size: 8,
    is_throttled: true,
    high_watermark: 8,
    low_watermark: 2,
  });
  await clock.advance(0);
  open?.();
  await Promise.all(waits);
  await producer.flush();
  expect(valuesOf(transport.records('t')[0]!)).toEqual(Array.from({ length: 12 }, (_, index) => String(index)));
  expect(events.map(({ type }) => type).filter((type) => type.startsWith('backpressure'))).toEqual([
    'backpressure_activated',
    'backpressure_deactivated',
  ]);
});

test.each([
  ['reject', ['0', '1', '2'], ['3:queue_full', '4:queue_full']],
  ['drop-oldest', ['0', '3', '4'], ['1:dropped', '2:dropped']],
] as const)('with the policy %s a full queue keeps to its bound', async (overflow, kept, lost) => {
  let open: (() => void) | undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const transport = createMemoryTransport({ partitions: 1, beforeWrite: () => gate });
  const { clock, producer } = await connected({
    transport,
    lingerMs: 0,
    batchCount: 1,
    maxQueuedMessages: 3,
    overflow,
  });
  const decided: string[] = [];
  const send = (value: string): void => {
    producer.send({ topic: 't', value }, (error) => {
      if (error) decided.push(`${value}:${error.code}`);
    });
  };
  for (const value of ['0', '1', '2']) send(value);
  await clock.advance(0);
  for (const value of ['3', '4']) send(value);
  await clock.advance(0);
  expect(decided).toEqual(lost);
  open?.();
  await producer.flush();
  expect(valuesOf(transport.records('t')[0]!)).toEqual(kept);
});

test('flush waits for what was sent before it, also while more is sent', async () => {
  const gates: (() => void)[] = [];
  const transport = createMemoryTransport({
    partitions: 1,
    beforeWrite: () => new Promise<void>((open) => gates.push(open)),
  });
  const { clock, producer } = await connected({ transport, lingerMs: 1_000 });
  producer.send({ topic: 't', value: 'before' });
  let flushed = false;
  const flush = producer.flush().then(() => {
    flushed = true;
  });
  await clock.advance(0);
  producer.send({ topic: 't', value: 'after' });
  expect(flushed).toBe(false);
  gates.shift()?.();
  await flush;
  expect(valuesOf(transport.records('t')[0]!)).toEqual(['before']);
});

test('flush says how much is left when its time is over', async () => {
  const transport = createMemoryTransport({ partitions: 1, beforeWrite: () => new Promise(() => {}) });
  const { clock, producer } = await connected({ transport });
  producer.send({ topic: 't', value: 'stuck' });
  const flush = producer.flush(1_000).catch((error) => error);
  await clock.advance(1_000);
  expect(await flush).toMatchObject({ code: 'flush_timeout', retryable: true });
});

test('close delivers what is queued, refuses what comes later, and may be called twice', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  const { producer } = await connected({ transport, lingerMs: 1_000 });
  const delivery = producer.sendAndWait({ topic: 't', value: 'last' });
  await Promise.all([producer.close(), producer.close()]);
  expect(await delivery).toMatchObject({ offset: '0' });
  await expect(producer.sendAndWait({ topic: 't', value: 'late' })).rejects.toMatchObject({ code: 'closed' });
});

test('keeps messages sent before connect and messages for a topic that appears later', async () => {
  const transport = createMemoryTransport({ partitions: 0 });
  const clock = createManualClock();
  const producer = createKafkaProducer({ transport, clock, lingerMs: 0 });
  const delivery = producer.sendAndWait({ topic: 'later', value: 'early', key: 'k' });
  await producer.connect();
  await clock.advance(100);
  await transport.createAdmin().createTopics([{ topic: 'later', partitions: 2 }]);
  await clock.advance(2_000);
  expect(await delivery).toMatchObject({ topic: 'later', offset: '0' });
});

test.each([
  [{ topic: '', value: 'x' }, 'invalid_message'],
  [{ topic: 't', value: { not: 'serialized' } as never }, 'invalid_message'],
  [{ topic: 't', value: 'x', partition: -1 }, 'invalid_message'],
  [{ topic: 't', value: 'x', timestamp: 1.5 }, 'invalid_message'],
  [{ topic: 't', value: 'x'.repeat(1_000_001) }, 'message_too_large'],
])('refuses a message that can never be sent: %#', async (message, code) => {
  const { producer } = await connected({ transport: createMemoryTransport() });
  expect(() => producer.send(message)).toThrow(expect.objectContaining({ code }));
  await expect(producer.sendAndWait(message)).rejects.toMatchObject({ code });
});

test('reports a partition that the topic does not have', async () => {
  const { clock, producer } = await connected({ transport: createMemoryTransport({ partitions: 2 }) });
  const delivery = producer.sendAndWait({ topic: 't', value: 'x', partition: 2 }).catch((error) => error);
  await clock.advance(0);
  expect(await delivery).toMatchObject({
    code: 'invalid_message',
    message: expect.stringContaining('t has 2 partitions'),
  });
});

test.each([
  [{ lingerMs: -1 }, 'lingerMs is -1'],
  [{ batchBytes: 0 }, 'batchBytes is 0'],
  [{ overflow: 'explode' as never }, 'overflow is "explode"'],
  [{ acks: 1 as const, idempotent: true }, 'acks is 1'],
  [{ lowWatermark: 0.9 }, 'lowWatermark 0.9'],
])('names the option that is wrong: %#', (options, message) => {
  expect(() => createKafkaProducer({ transport: createMemoryTransport(), ...options })).toThrow(message);
});

test('reports its queue at intervals', async () => {
  const events: ProducerEvent[] = [];
  const { clock, producer } = await connected({
    transport: createMemoryTransport(),
    statusIntervalMs: 1_000,
    onEvent: (event) => events.push(event),
  });
  await clock.advance(2_500);
  expect(events.map(({ type }) => type)).toEqual(['queue_status_report', 'queue_status_report']);
  await producer.close();
  expect(clock.pending).toBe(0);
});

test('a callback that throws harms nobody else', async () => {
  const { clock, producer } = await connected({ transport: createMemoryTransport({ partitions: 1 }), lingerMs: 0 });
  producer.send({ topic: 't', value: 'a' }, () => {
    throw new Error('from the callback');
  });
  const second = producer.sendAndWait({ topic: 't', value: 'b' });
  await clock.advance(0);
  expect(await second).toMatchObject({ offset: '1' });
});

test('a closed producer gives up what it was trying again, and leaves no timer', async () => {
  const transport = createMemoryTransport({
    partitions: 1,
    beforeWrite: () => {
      throw new KafkaClientError('Away.', { code: 'connection_failed', retryable: true });
    },
  });
  const { clock, producer } = await connected({ transport, lingerMs: 0 });
  const errors: (string | undefined)[] = [];
  producer.send({ topic: 't', value: 'tried' }, (error) => errors.push(error?.code));
  await clock.advance(50);
  producer.send({ topic: 't', value: 'queued' }, (error) => errors.push(error?.code));
  const closed = producer.close(10);
  await Promise.all([expect(closed).rejects.toMatchObject({ code: 'flush_timeout' }), clock.advance(10)]);
  await clock.advance(0);
  expect(errors).toEqual(['closed', 'closed']);
  expect(clock.pending).toBe(0);
});

test('flush waits for whoever stood in line before it, not for those who come after', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  const { clock, producer } = await connected({ transport, lingerMs: 0, batchCount: 1, maxQueuedMessages: 2 });
  let sent = 0;
  // Senders who never stop: the line is never empty.
  const goOn = (): void => {
    sent += 1;
    if (sent < 5_000) void producer.send({ topic: 't', value: `${sent}` }, goOn);
  };
  for (let sender = 0; sender < 8; sender += 1) goOn();
  await producer.flush();
  expect(sent).toBeLessThan(5_000);
  await clock.advance(0);
});

test('the oldest message makes room also while no topic is known', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  const clock = createManualClock();
  const producer = createKafkaProducer({
    transport,
    clock,
    lingerMs: 0,
    maxQueuedMessages: 2,
    overflow: 'drop-oldest',
  });
  const lost: string[] = [];
  for (const value of ['0', '1', '2', '3']) {
    producer.send({ topic: 'later', value }, (error) => {
      if (error) lost.push(`${value}:${error.code}`);
    });
  }
  await producer.connect();
  await producer.flush();
  expect(lost).toEqual(['0:dropped', '1:dropped']);
  expect(valuesOf(transport.records('later')[0]!)).toEqual(['2', '3']);
});

test('a listener to events that throws harms nobody: every message is decided once', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  const { producer } = await connected({
    transport,
    lingerMs: 0,
    onEvent: () => {
      throw new Error('listener');
    },
  });
  const reports: unknown[] = [];
  producer.send({ topic: 't', value: 'a' }, (error, report) => reports.push(error?.code ?? report?.offset));
  await producer.flush();
  expect(reports).toEqual(['0']);
  expect(producer.queueStatus.queue_size).toBe(0);
});

test.each([
  ['answers what is no partition', () => Number.NaN],
  ['answers a negative one', () => -1],
  [
    'throws',
    () => {
      throw new Error('no idea');
    },
  ],
])('a partitioner that %s fails the message', async (_, choose) => {
  const transport = createMemoryTransport({ partitions: 2 });
  const { producer } = await connected({
    transport,
    lingerMs: 0,
    partitioner: { choose, batchClosed: () => {} },
  });
  const sent = [1, 2].map((value) => producer.sendAndWait({ topic: 't', value: `${value}` }).catch((error) => error));
  for (const error of await Promise.all(sent)) expect(error).toMatchObject({ code: 'invalid_message' });
  expect(producer.queueStatus.queue_size).toBe(0);
});
