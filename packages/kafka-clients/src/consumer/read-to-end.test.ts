import { createManualClock } from '@naru/core/testing';
import { expect, test } from 'vitest';
import { createKafkaProducer } from '../producer/create-kafka-producer.js';
import { createMemoryTransport, type MemoryTransport } from '../testing/memory/create-memory-transport.js';
import type { KafkaTransport } from '../transport/kafka-transport.js';
import type { PartitionOffsets } from '../transport/transport-admin.js';
import { readToEnd } from './read-to-end.js';
import type { ReceivedMessage } from './received-message.js';

async function write(transport: KafkaTransport, topic: string, values: readonly string[]): Promise<void> {
  const producer = createKafkaProducer({ transport, lingerMs: 0 });
  await producer.connect();
  await Promise.all(values.map((value, index) => producer.sendAndWait({ topic, value, partition: index % 3 })));
  await producer.close();
}

/** A cluster that tells other offsets than it has. */
function telling(transport: MemoryTransport, change: (offsets: PartitionOffsets) => PartitionOffsets): KafkaTransport {
  return {
    ...transport,
    createAdmin() {
      const admin = transport.createAdmin();
      return { ...admin, topicOffsets: async (topic) => (await admin.topicOffsets(topic)).map(change) };
    },
  };
}

const nine = Array.from({ length: 9 }, (_, index) => String(index));
const text = ({ value }: ReceivedMessage): string => String(value);

test('reads every message of every topic, each partition in order', async () => {
  const transport = createMemoryTransport();
  await write(transport, 'a', nine);
  await write(transport, 'b', ['x']);
  const read: string[] = [];
  const topics = ['a', 'b', 'empty'];
  expect(await readToEnd({ transport, topics, onMessage: (message) => void read.push(text(message)) })).toEqual({
    messages: 10,
    deleted: 0,
  });
  expect([...read].sort()).toEqual([...nine, 'x']);
  expect(read.filter((value) => Number(value) % 3 === 1)).toEqual(['1', '4', '7']);
});

test('nothing to read is no reading', async () => {
  const transport = createMemoryTransport();
  const onMessage = (): never => expect.unreachable();
  expect(await readToEnd({ transport, topics: ['a'], onMessage })).toEqual({ messages: 0, deleted: 0 });
});

test('what comes while it reads is not read', async () => {
  const transport = createMemoryTransport({ partitions: 3 });
  await write(transport, 'a', nine);
  const read: string[] = [];
  const { messages } = await readToEnd({
    transport,
    topics: ['a'],
    async onMessage(message) {
      if (read.push(text(message)) === 1) await write(transport, 'a', ['late', 'late', 'late']);
    },
  });
  expect(messages).toBe(9);
  expect(read).not.toContain('late');
});

test('a membership that is lost on the way gives no message twice', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  const producer = createKafkaProducer({ transport, lingerMs: 0 });
  await producer.connect();
  await Promise.all(nine.map((value) => producer.sendAndWait({ topic: 'a', value })));
  await producer.close();
  let groupId = '';
  const watched: KafkaTransport = {
    ...transport,
    createConsumer(options) {
      groupId = options.groupId;
      return transport.createConsumer(options);
    },
  };
  const read: string[] = [];
  await readToEnd({
    transport: watched,
    topics: ['a'],
    async onMessage(message) {
      read.push(text(message));
      if (read.length === 4) await transport.expelMembers(groupId);
    },
  });
  expect(read).toEqual(nine);
});

test('what the caller throws ends the reading', async () => {
  const transport = createMemoryTransport();
  await write(transport, 'a', nine);
  const onMessage = (): never => {
    throw new Error('not one of ours');
  };
  await expect(readToEnd({ transport, topics: ['a'], onMessage })).rejects.toThrow('not one of ours');
});

test('says where the end is missing when nothing comes any more, and what was deleted', async () => {
  const transport = createMemoryTransport();
  await write(transport, 'a', nine);
  const clock = createManualClock();
  const more = telling(transport, (offsets) => (offsets.partition === 2 ? { ...offsets, high: '7' } : offsets));
  const reading = readToEnd({ transport: more, topics: ['a'], clock, stallTimeoutMs: 500, onMessage: () => {} });
  const refused = expect(reading).rejects.toMatchObject({
    code: 'stalled',
    message: expect.stringContaining(
      '9 messages could be read, then none came for 500 ms; missing are the ends of a/2.',
    ),
  });
  for (let turn = 0; turn < 4; turn += 1) await clock.advance(500);
  await refused;

  const older = telling(transport, (offsets) => ({ ...offsets, low: '1' }));
  expect(await readToEnd({ transport: older, topics: ['a'], onMessage: () => {} })).toEqual({
    messages: 6,
    deleted: 3,
  });
});
