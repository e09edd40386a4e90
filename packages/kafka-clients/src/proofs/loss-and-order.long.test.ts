import { expect, test } from 'vitest';
import { readToEnd } from '../consumer/read-to-end.js';
import { createKafkaTransport } from '../kafkajs/create-kafka-transport.js';
import { createKafkaProducer } from '../producer/create-kafka-producer.js';
import { createTopic } from './create-topic.js';
import { Ledger, longValue } from './ledger.js';
import { startProxiedCluster } from './proxied-cluster.js';
import { seededRandom } from './seeded-random.js';

const MESSAGES = Number(process.env.NARU_PROOF_MESSAGES ?? 1_000_000);
const KILLS = Number(process.env.NARU_PROOF_KILLS ?? 20);
const SEED = Number(process.env.NARU_PROOF_SEED ?? 1);
const KEYS = 50;
const PARTITIONS = 6;
const MAX_QUEUED = 20_000;
const MAX_HEAP_GROWTH = 512 * 1024 * 1024;

test(`three brokers, ${MESSAGES} messages, ${KILLS} killed brokers, cut connections: nothing acknowledged is lost, keys keep their order`, async () => {
  await using cluster = await startProxiedCluster();
  const random = seededRandom(SEED);
  const transport = createKafkaTransport({
    brokers: cluster.brokers,
    connectionTimeoutMs: 2_000,
    metadataMaxAgeMs: 5_000,
  });
  const heal = (): void => {
    for (const proxy of cluster.proxies) proxy.spoil({});
  };
  const topic = await createTopic(transport, PARTITIONS, 3, { 'min.insync.replicas': '2' });
  const ledger = new Ledger();
  const producer = createKafkaProducer({
    transport,
    lingerMs: 5,
    maxQueuedMessages: MAX_QUEUED,
    requestTimeoutMs: 5_000,
    retryBackoffMs: 100,
    // What is spoiled for longer than one connection stays so until it was felt.
    onEvent: ({ type }) => type === 'buffer_retry' && heal(),
  });
  await producer.connect();

  let [mostQueued, mostMemory, spoiled] = [0, 0, 0];
  const before = process.memoryUsage().rss;
  /** Cuts one connection of a broker, or all, or each in the middle of an answer; or lets nothing pass any more. */
  const spoilOne = (): void => {
    const proxy = cluster.proxies[Math.floor(random() * 3)]!;
    const draw = random();
    if (draw < 0.2) proxy.spoil({ cutAfterBytes: 1 + Math.floor(random() * 2_000) });
    else if (draw < 0.25) proxy.spoil({ frozen: true });
    else proxy.cut(draw < 0.8 ? (open) => Math.floor(random() * open) : undefined);
    spoiled += 1;
  };
  const send = async (count: number): Promise<void> => {
    for (let sent = 0; sent < count; sent += 1) {
      const id = ledger.next();
      await producer.send({ topic, key: `key-${id % KEYS}`, value: longValue(id) }, (error, report) =>
        ledger.delivered(id, error, report),
      );
      if (sent % 1_000 === 0) {
        mostQueued = Math.max(mostQueued, producer.queueStatus.queue_size);
        mostMemory = Math.max(mostMemory, process.memoryUsage().rss - before);
        await new Promise(setImmediate);
      }
      if (sent % 10_000 === 5_000) {
        spoilOne();
      }
    }
  };
  const half = Math.ceil(MESSAGES / KILLS / 2);
  for (let round = 0; round < KILLS; round += 1) {
    const victim = Math.floor(random() * 3);
    const sending = send(half);
    await cluster.servers[victim]!.kill();
    await sending;
    await Promise.all([cluster.servers[victim]!.restart(), send(half)]);
  }
  heal();
  await producer.flush();
  await producer.close();
  await readToEnd({ transport, topics: [topic], onMessage: (message) => ledger.read(message) });

  const { accounts } = ledger;
  const summary = JSON.stringify({
    seed: SEED,
    kills: KILLS,
    spoiled,
    connections: cluster.proxies.map(({ accepted }) => accepted),
    mostQueued,
    mostMemoryMiB: Math.round(mostMemory / 2 ** 20),
    ...accounts,
  });
  process.stdout.write(`loss and order: ${summary}\n`);
  expect(ledger.violations, summary).toEqual({ lost: [], ghosts: [], outOfOrder: [] });
  expect(ledger.decided, summary).toBe(accounts.sent);
  expect(accounts.duplicates, summary).toBeLessThanOrEqual(accounts.flaggedPossiblyDuplicated + accounts.failedInDoubt);
  expect(mostQueued, summary).toBeLessThanOrEqual(MAX_QUEUED);
  expect(mostMemory, summary).toBeLessThanOrEqual(MAX_HEAP_GROWTH);
}, 1_800_000);
