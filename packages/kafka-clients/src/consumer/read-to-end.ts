import { randomUUID } from 'node:crypto';
import { systemClock } from '@naru/core';
import { KafkaClientError } from '../kafka-client-error.js';
import { duration, nonEmptyList } from '../option-checks.js';
import { createKafkaConsumer } from './create-kafka-consumer.js';
import type { KafkaConsumerOptions } from './kafka-consumer.js';
import type { ReceivedMessage } from './received-message.js';

export interface ReadToEndOptions
  extends Pick<
    KafkaConsumerOptions,
    'transport' | 'topics' | 'maxQueuedPerPartition' | 'maxUnpackedBytes' | 'maxWaitMs' | 'clock' | 'logger'
  > {
  /** Gets the messages of each partition in order, one at a time. What it throws ends the reading. */
  readonly onMessage: (message: ReceivedMessage) => Promise<void> | void;
  /** No message for so long means that the rest does not come, in milliseconds. Default 60,000. */
  readonly stallTimeoutMs?: number | undefined;
}

/** What was there to be read. */
export interface ReadToEnd {
  readonly messages: number;
  /** Offsets that had been given out and are not kept any more. */
  readonly deleted: number;
}

/**
 * Reads topics from the oldest message they keep to where they end when it is called, with a group of its own. What
 * comes later is not read.
 *
 * @throws {KafkaClientError} `stalled` when messages stop coming before the end: the topic lost some meanwhile, or its
 * last offsets are no messages, as after compaction or a transaction; `batch_unreadable`; `unknown_topic` and what else a broker refuses;
 * and whatever `onMessage` throws
 */
export async function readToEnd(options: ReadToEndOptions): Promise<ReadToEnd> {
  const { transport, onMessage, clock = systemClock, stallTimeoutMs = 60_000, ...reading } = options;
  duration('stallTimeoutMs', stallTimeoutMs);
  const { open, deleted } = await endsOf(options);
  if (open.size === 0) return { messages: 0, deleted };

  let messages = 0;
  let isOver = false;
  let settle: (error?: unknown) => void = () => {};
  const over = new Promise<void>((resolve, reject) => {
    settle = (error) => {
      isOver = true;
      if (error === undefined) resolve();
      else reject(error);
    };
  });
  const take = async (message: ReceivedMessage): Promise<void> => {
    const place = `${message.topic}/${message.partition}`;
    const stretch = open.get(place);
    const offset = BigInt(message.offset);
    // A membership that was lost begins again at what it had committed: that was read already.
    if (isOver || !stretch || offset < stretch.next) return;
    if (offset < stretch.end) {
      await onMessage(message);
      messages += 1;
    }
    stretch.next = offset + 1n;
    if (stretch.next >= stretch.end) open.delete(place);
    if (open.size === 0) settle();
  };
  let cancelWatch: () => void = () => {};
  const watch = (before: number): void => {
    cancelWatch = clock.schedule(stallTimeoutMs, () => {
      if (messages > before) watch(messages);
      else settle(stalled([...open.keys()], messages, stallTimeoutMs));
    });
  };

  await using consumer = createKafkaConsumer({
    ...reading,
    transport,
    clock,
    groupId: `naru-read-${randomUUID()}`,
    fromBeginning: true,
    // What cannot be read comes here at once.
    deadLetter: { publish: async (_, { error }) => settle(error) },
    handler: (message) => take(message).catch(settle),
  });
  watch(0);
  try {
    await Promise.race([over, consumer.start().then(() => over)]);
  } finally {
    cancelWatch();
  }
  return { messages, deleted };
}

/** Offsets of a partition that are still to be read. */
interface Stretch {
  next: bigint;
  readonly end: bigint;
}

/** What each partition has that has something, and how much is gone. */
async function endsOf({
  transport,
  topics,
}: Pick<ReadToEndOptions, 'transport' | 'topics'>): Promise<{ open: Map<string, Stretch>; deleted: number }> {
  const open = new Map<string, Stretch>();
  let deleted = 0;
  const admin = transport.createAdmin();
  await admin.connect();
  try {
    for (const topic of nonEmptyList('topics', topics)) {
      for (const { partition, low, high } of await admin.topicOffsets(topic)) {
        deleted += Number(low);
        const [next, end] = [BigInt(low), BigInt(high)];
        if (end > next) open.set(`${topic}/${partition}`, { next, end });
      }
    }
  } finally {
    await admin.close();
  }
  return { open, deleted };
}

function stalled(places: readonly string[], messages: number, waitedMs: number): KafkaClientError {
  const others = places.length > 5 ? ` and ${places.length - 5} others` : '';
  return new KafkaClientError(
    `${messages} messages could be read, then none came for ${waitedMs} ms; missing are the ends of ${places.slice(0, 5).join(', ')}${others}. Check that the brokers answer and that nothing is deleted meanwhile.`,
    { code: 'stalled', retryable: true },
  );
}
