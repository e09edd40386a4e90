import type { Clock } from '@naru/core';
import type { FetchedRecord, KafkaTransport } from '@naru/kafka-clients';
import { GatewayError } from '../gateway-error.js';

/** Offsets of one partition: from the first, up to and without the second. */
export interface Stretch {
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

export interface StretchesOptions {
  readonly transport: KafkaTransport;
  readonly clock: Clock;
  readonly topic: string;
  /** Goes on from what this group has committed; a group of its own name reads everything. */
  readonly groupId: string;
  readonly stretches: readonly Stretch[];
  /** Gets the records of a partition in order, one at a time, with a way to commit them. */
  readonly onRecord: (record: FetchedRecord, done: () => Promise<void>) => Promise<'more' | 'enough'>;
  readonly timeoutMs: number;
}

/**
 * Reads stretches of a topic to their ends. Resolves when all are read or `onRecord` had enough.
 *
 * @throws GatewayError `read_incomplete` when the time is over before that: another member of the group may hold a
 * partition, or Kafka is away.
 */
export async function readStretches(options: StretchesOptions): Promise<void> {
  const { transport, clock, topic, groupId, timeoutMs } = options;
  const stretches = options.stretches.filter(({ from, to }) => from < to);
  if (stretches.length === 0) return;
  const consumer = transport.createConsumer({
    groupId,
    topics: [topic],
    fromBeginning: true,
    firstOffsets: stretches.map(({ partition, from }) => ({ topic, partition, offset: String(from) })),
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    heartbeatIntervalMs: 3_000,
    maxWaitMs: 100,
    maxBytesPerPartition: 1024 * 1024,
    maxUnpackedBytes: 64 * 1024 * 1024,
  });
  const open = new Map(stretches.map((stretch) => [stretch.partition, stretch]));
  let ended = false;
  // One record after the other over all partitions, so that a bound on what is wanted holds exactly.
  let turn = Promise.resolve();

  const reading = new Promise<void>((resolve, reject) => {
    const end = (settle: () => void): void => {
      ended = true;
      cancel();
      settle();
    };
    const cancel = clock.schedule(timeoutMs, () =>
      end(() =>
        reject(
          new GatewayError(
            'read_incomplete',
            `${topic} was not read to its end within ${timeoutMs / 1_000} s. Try again; if another replay is under way, wait for it.`,
            { retryable: true },
          ),
        ),
      ),
    );
    const take = async (record: FetchedRecord): Promise<void> => {
      const stretch = open.get(record.partition);
      if (ended || !stretch) return;
      const offset = BigInt(record.offset);
      if (offset >= stretch.from && offset < stretch.to) {
        const done = (): Promise<void> =>
          consumer.commit([{ topic, partition: record.partition, offset: String(offset + 1n) }]);
        if ((await options.onRecord(record, done)) === 'enough') end(resolve);
      }
      if (offset + 1n >= stretch.to) open.delete(record.partition);
      if (open.size === 0) end(resolve);
    };
    const fail = (error: unknown): void => end(() => reject(error));
    consumer
      .start({
        assigned: () => {},
        records: ({ records, partition }) => {
          const at = { topic, partition };
          // No more than one fetch of a partition waits in memory.
          consumer.pause(at);
          for (const record of records) turn = turn.then(() => take(record)).catch(fail);
          turn = turn.then(() => {
            if (!ended && open.has(partition)) consumer.resume(at);
          });
        },
        revoking: () => turn,
        lost: () => {},
        failed: fail,
      })
      .catch(fail);
  });
  try {
    await reading;
  } finally {
    await consumer.close();
  }
}

/** What a topic holds now. */
export async function stretchesOf(transport: KafkaTransport, topic: string): Promise<Stretch[]> {
  const admin = transport.createAdmin();
  await admin.connect();
  try {
    return (await admin.topicOffsets(topic)).map(({ partition, low, high }) => ({
      partition,
      from: BigInt(low),
      to: BigInt(high),
    }));
  } finally {
    await admin.close();
  }
}
