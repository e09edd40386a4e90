import { createEmbeddedKafka, type FaultAction } from '@naru/embedded-kafka';
import { expect, test } from 'vitest';
import { readToEnd } from '../consumer/read-to-end.js';
import { createKafkaTransport } from '../kafkajs/create-kafka-transport.js';
import { createKafkaProducer } from '../producer/create-kafka-producer.js';
import { createTopic } from './create-topic.js';
import { Ledger, longValue } from './ledger.js';
import { seededRandom } from './seeded-random.js';

const MESSAGES = 20_000;
const KEYS = 50;
const PARTITIONS = 6;
const MAX_QUEUED = 2_000;

/** Codes a broker may refuse a batch with: leader moved, timed out, too few replicas before and after, storage. */
const REFUSALS = [5, 6, 7, 19, 20, 56];
/** The broker has lost track of the producer. */
const FORGOTTEN = [45, 59];

function drawFault(random: () => number): FaultAction | undefined {
  const draw = random();
  if (draw < 0.06) return { action: 'error', errorCode: REFUSALS[Math.floor(random() * REFUSALS.length)]! };
  if (draw < 0.07) return { action: 'error', errorCode: FORGOTTEN[Math.floor(random() * FORGOTTEN.length)]! };
  if (draw < 0.1) return { action: 'disconnect' };
  if (draw < 0.13) return { action: 'disconnect', processed: true };
  if (draw < 0.14) return { action: 'hang' };
  if (draw < 0.2) return { action: 'delay', delayMs: 5 };
  return undefined;
}

test.each([1, 20_261_123])(
  'nothing acknowledged is lost and keys keep their order through refusals, hangs, cut connections and moved leaders (seed %i)',
  async (seed) => {
    await using kafka = await createEmbeddedKafka({ nodes: 3 });
    const transport = createKafkaTransport({ brokers: kafka.bootstrap, metadataMaxAgeMs: 5_000 });
    const topic = await createTopic(transport, PARTITIONS);
    const random = seededRandom(seed);
    let requests = 0;
    kafka.faults.on('Produce', () => {
      requests += 1;
      if (requests % 40 === 0) kafka.moveLeader(topic, Math.floor(random() * PARTITIONS), 1 + Math.floor(random() * 3));
      return drawFault(random);
    });

    const ledger = new Ledger();
    let most = 0;
    const producer = createKafkaProducer({
      transport,
      lingerMs: 1,
      batchCount: 100,
      maxQueuedMessages: MAX_QUEUED,
      requestTimeoutMs: 300,
      retryBackoffMs: 5,
      deliveryTimeoutMs: 60_000,
    });
    await producer.connect();
    for (let sent = 0; sent < MESSAGES; sent += 1) {
      const id = ledger.next();
      await producer.send({ topic, key: `key-${id % KEYS}`, value: longValue(id) }, (error, report) =>
        ledger.delivered(id, error, report),
      );
      most = Math.max(most, producer.queueStatus.queue_size);
    }
    await producer.flush();
    await producer.close();
    kafka.faults.clear();
    await readToEnd({ transport, topics: [topic], onMessage: (message) => ledger.read(message) });

    const { accounts } = ledger;
    const summary = JSON.stringify({ seed, requests, most, ...accounts });
    expect(ledger.violations, summary).toEqual({ lost: [], ghosts: [], outOfOrder: [] });
    expect(ledger.decided, summary).toBe(MESSAGES);
    expect(accounts.acknowledged, summary).toBe(MESSAGES);
    expect(accounts.duplicates, summary).toBeLessThanOrEqual(accounts.flaggedPossiblyDuplicated);
    expect(most, summary).toBeLessThanOrEqual(MAX_QUEUED);
  },
  120_000,
);
