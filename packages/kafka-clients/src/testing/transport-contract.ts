import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createKafkaAdmin } from '../admin/create-kafka-admin.js';
import type { KafkaTransport } from '../transport/kafka-transport.js';
import type {
  FetchedRecord,
  TopicPartition,
  TransportConsumer,
  TransportConsumerOptions,
} from '../transport/transport-consumer.js';
import type { OutgoingRecord, TransportProducer, TransportProducerOptions } from '../transport/transport-producer.js';

/** One rule that every transport keeps. */
export interface TransportContractCase {
  readonly title: string;
  /** Rejects when the rule is broken. Topics and groups are named anew in every run. */
  run(transport: KafkaTransport): Promise<void>;
}

const producerOptions: TransportProducerOptions = { acks: -1, compression: 'none', requestTimeoutMs: 10_000 };

const record = (value: string | null, more: Partial<OutgoingRecord> = {}): OutgoingRecord => ({
  key: null,
  value,
  timestamp: 1_700_000_000_000,
  ...more,
});

async function withTopic(
  transport: KafkaTransport,
  partitions: number,
  work: (topic: string) => Promise<void>,
): Promise<void> {
  await using admin = createKafkaAdmin({ transport });
  const topic = `contract-${randomUUID()}`;
  await admin.ensureTopics([{ topic, partitions, replication: 1 }]);
  await work(topic);
}

async function withProducer(
  transport: KafkaTransport,
  work: (producer: TransportProducer) => Promise<void>,
): Promise<void> {
  const producer = transport.createProducer(producerOptions);
  await producer.connect();
  try {
    await work(producer);
  } finally {
    await producer.close();
  }
}

interface Member {
  readonly consumer: TransportConsumer;
  readonly assignments: (readonly TopicPartition[])[];
  /** Resolves with the first `count` records, in the order of their coming. */
  received(count: number): Promise<readonly FetchedRecord[]>;
  /** Resolves when the member has exactly that many partitions. */
  assigned(count: number): Promise<void>;
  revocations: number;
}

function join(
  transport: KafkaTransport,
  topic: string,
  groupId: string,
  more: Partial<TransportConsumerOptions> = {},
): Member & { start(): Promise<void> } {
  const consumer = transport.createConsumer({
    groupId,
    topics: [topic],
    fromBeginning: true,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 20_000,
    heartbeatIntervalMs: 200,
    maxWaitMs: 100,
    maxBytesPerPartition: 1024 * 1024,
    maxUnpackedBytes: 64 * 1024 * 1024,
    ...more,
  });
  const records: FetchedRecord[] = [];
  const assignments: (readonly TopicPartition[])[] = [];
  const conditions: {
    readonly holds: () => boolean;
    readonly resolve: () => void;
    readonly reject: (error: Error) => void;
  }[] = [];
  const check = (): void => {
    for (const condition of [...conditions]) {
      if (!condition.holds()) continue;
      conditions.splice(conditions.indexOf(condition), 1);
      condition.resolve();
    }
  };
  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      conditions.push({ holds, resolve, reject });
      check();
    });
  const member = {
    consumer,
    assignments,
    revocations: 0,
    start: () =>
      consumer.start({
        assigned(partitions) {
          assignments.push(partitions);
          check();
        },
        records(batch) {
          records.push(...batch.records);
          check();
        },
        async revoking() {
          member.revocations += 1;
        },
        lost() {},
        failed(error) {
          for (const { reject } of conditions.splice(0)) reject(error);
        },
      }),
    async received(count: number) {
      await until(() => records.length >= count);
      return records;
    },
    assigned: (count: number) => until(() => assignments.at(-1)?.length === count),
  };
  return member;
}

/** The rules of a transport. Run each against yours: `for (const { title, run } of transportContract) test(title, () => run(transport))`. */
export const transportContract: readonly TransportContractCase[] = [
  {
    title: 'answers the number of partitions of a topic',
    run: (transport) =>
      withTopic(transport, 4, (topic) =>
        withProducer(transport, async (producer) => {
          assert.equal(await producer.partitionCount(topic), 4);
          assert.equal(producer.knownPartitionCount(topic), 4);
        }),
      ),
  },
  {
    title: 'acknowledges a batch with the offset of its first record and gives back every byte of it',
    run: (transport) =>
      withTopic(transport, 2, (topic) =>
        withProducer(transport, async (producer) => {
          const records = [
            record('first', { key: '키', headers: { text: 'ü', bytes: Buffer.from([0, 255]), twice: ['a', 'b'] } }),
            record(null, { key: Buffer.from([1, 2, 3]) }),
            record('', { timestamp: 1_700_000_000_500 }),
          ];
          await producer.partitionCount(topic);
          assert.equal((await producer.produce({ topic, partition: 1, records })).baseOffset, '0');
          assert.equal((await producer.produce({ topic, partition: 1, records: [record('more')] })).baseOffset, '3');
          const member = join(transport, topic, `group-${topic}`);
          await member.start();
          try {
            const [first, second, third, fourth] = await member.received(4);
            assert.deepEqual([first!.key, first!.value], [Buffer.from('키'), Buffer.from('first')]);
            assert.deepEqual(first!.headers.text, Buffer.from('ü'));
            assert.deepEqual(first!.headers.bytes, Buffer.from([0, 255]));
            assert.deepEqual(first!.headers.twice, [Buffer.from('a'), Buffer.from('b')]);
            assert.deepEqual([second!.key, second!.value], [Buffer.from([1, 2, 3]), null]);
            assert.deepEqual([third!.key, third!.value, third!.timestamp], [null, Buffer.alloc(0), 1_700_000_000_500]);
            assert.deepEqual([fourth!.offset, fourth!.timestamp], ['3', 1_700_000_000_000]);
          } finally {
            await member.consumer.close();
          }
        }),
      ),
  },
  {
    title: 'recognises a batch that it has written before, and refuses a gap',
    run: (transport) =>
      withTopic(transport, 1, (topic) =>
        withProducer(transport, async (producer) => {
          const identity = await producer.initIdentity();
          await producer.partitionCount(topic);
          const batch = { topic, partition: 0, identity, firstSequence: 0, records: [record('a'), record('b')] };
          assert.equal((await producer.produce(batch)).baseOffset, '0');
          assert.equal((await producer.produce(batch)).baseOffset, '0');
          const next = { topic, partition: 0, identity, records: [record('c')] };
          assert.equal((await producer.produce({ ...next, firstSequence: 2 })).baseOffset, '2');
          await assert.rejects(producer.produce({ ...next, firstSequence: 9 }), { code: 'sequence_lost' });
        }),
      ),
  },
  {
    title: 'goes on from the committed offset',
    run: (transport) =>
      withTopic(transport, 1, (topic) =>
        withProducer(transport, async (producer) => {
          await producer.partitionCount(topic);
          await producer.produce({ topic, partition: 0, records: ['a', 'b', 'c'].map((value) => record(value)) });
          const first = join(transport, topic, `group-${topic}`);
          await first.start();
          await first.received(3);
          await first.consumer.commit([{ topic, partition: 0, offset: '2' }]);
          await first.consumer.close();
          const second = join(transport, topic, `group-${topic}`);
          await second.start();
          try {
            assert.deepEqual(
              (await second.received(1)).map(({ offset }) => offset),
              ['2'],
            );
          } finally {
            await second.consumer.close();
          }
        }),
      ),
  },
  {
    title: 'begins at the end where the end was when the group first came, also after it was away',
    run: (transport) =>
      withTopic(transport, 1, (topic) =>
        withProducer(transport, async (producer) => {
          await producer.partitionCount(topic);
          await producer.produce({ topic, partition: 0, records: [record('before')] });
          const first = join(transport, topic, `group-${topic}`, { fromBeginning: false });
          await first.start();
          await producer.produce({ topic, partition: 0, records: [record('at once')] });
          await first.received(1);
          await first.consumer.close();
          await producer.produce({ topic, partition: 0, records: [record('while away')] });
          const second = join(transport, topic, `group-${topic}`, { fromBeginning: false });
          await second.start();
          try {
            // The first member committed nothing, so what it read comes again, and nothing is left out.
            assert.deepEqual(
              (await second.received(2)).map(({ value }) => value?.toString()),
              ['at once', 'while away'],
            );
          } finally {
            await second.consumer.close();
          }
        }),
      ),
  },
  {
    title: 'begins single partitions where it is told, unless the group has been there',
    run: (transport) =>
      withTopic(transport, 2, (topic) =>
        withProducer(transport, async (producer) => {
          await producer.partitionCount(topic);
          const sent = ['a', 'b', 'c'].map((value) => record(value));
          for (const partition of [0, 1]) await producer.produce({ topic, partition, records: sent });
          const firstOffsets = [{ topic, partition: 1, offset: '2' }];
          const member = join(transport, topic, `group-${topic}`, { firstOffsets });
          await member.start();
          try {
            const places = (await member.received(4)).map(({ partition, offset }) => `${partition}@${offset}`);
            assert.deepEqual(places.sort(), ['0@0', '0@1', '0@2', '1@2']);
            await member.consumer.commit([{ topic, partition: 1, offset: '3' }]);
          } finally {
            await member.consumer.close();
          }
          await producer.produce({ topic, partition: 1, records: [record('d')] });
          const again = join(transport, topic, `group-${topic}`, {
            firstOffsets: [{ topic, partition: 1, offset: '0' }],
          });
          await again.start();
          try {
            const places = (await again.received(4)).map(({ partition, offset }) => `${partition}@${offset}`);
            assert.deepEqual(places.sort(), ['0@0', '0@1', '0@2', '1@3']);
          } finally {
            await again.consumer.close();
          }
        }),
      ),
  },
  {
    title: 'hands over nothing of a paused partition and everything after it is resumed',
    run: (transport) =>
      withTopic(transport, 1, (topic) =>
        withProducer(transport, async (producer) => {
          await producer.partitionCount(topic);
          const member = join(transport, topic, `group-${topic}`);
          await member.start();
          try {
            await member.assigned(1);
            member.consumer.pause({ topic, partition: 0 });
            await producer.produce({ topic, partition: 0, records: [record('a'), record('b')] });
            member.consumer.resume({ topic, partition: 0 });
            assert.deepEqual(
              (await member.received(2)).map(({ offset }) => offset),
              ['0', '1'],
            );
          } finally {
            await member.consumer.close();
          }
        }),
      ),
  },
  {
    title: 'asks members to hand back before others get their partitions, and assigns each to one',
    run: (transport) =>
      withTopic(transport, 4, async (topic) => {
        const first = join(transport, topic, `group-${topic}`);
        const second = join(transport, topic, `group-${topic}`);
        await first.start();
        await first.assigned(4);
        await second.start();
        try {
          await Promise.all([first.assigned(2), second.assigned(2)]);
          assert.ok(first.revocations >= 1);
          const all = [...first.assignments.at(-1)!, ...second.assignments.at(-1)!].map(({ partition }) => partition);
          assert.deepEqual(all.sort(), [0, 1, 2, 3]);
        } finally {
          await second.consumer.close();
        }
        await first.assigned(4);
        await first.consumer.close();
      }),
  },
];
