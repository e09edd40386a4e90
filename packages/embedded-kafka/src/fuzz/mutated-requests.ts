import { expect } from 'vitest';
import { ManualClock } from '../clients/manual-clock.js';
import { encodeRequest, RawClient } from '../clients/raw-client.js';
import { fetchFrom, produceTo } from '../clients/requests.js';
import { sampleBatch } from '../clients/sample-batch.js';
import { sampleRequests } from '../clients/sample-requests.js';
import { Cluster } from '../cluster/cluster.js';
import { createEmbeddedKafka } from '../embedded-kafka.js';
import { checkedOptions } from '../options.js';
import { dispatch } from '../server/dispatch.js';
import { ProtocolError } from '../wire/protocol-error.js';
import { mutate, Random } from './mutate.js';

/** Requests on one connection before it is left, with whatever it waits for. */
const PER_CONNECTION = 10;
/** Bytes of the request header: with them unharmed a request reaches the API it was made for. */
const HEADER_BYTES = 13;
const SEED = 20_261_123;
const MIB = 1024 * 1024;

const originals: readonly Buffer[] = sampleRequests.flatMap(({ api, body }) =>
  Array.from({ length: api.maxVersion - api.minVersion + 1 }, (_, offset) =>
    encodeRequest(api, api.minVersion + offset, 1, body),
  ),
);

function memory(): string {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return `heap ${(heapUsed / MIB).toFixed(0)} MiB, buffers ${(arrayBuffers / MIB).toFixed(0)} MiB`;
}

function nextRequest(random: Random): Buffer {
  const original = random.pick(originals);
  if (random.below(5) === 0) return mutate(original, random);
  return Buffer.concat([original.subarray(0, HEADER_BYTES), mutate(original.subarray(HEADER_BYTES), random)]);
}

/** Has a broker's handlers deal with mutated requests of all APIs, every one on a connection of its own that ends. */
export async function handleMutatedRequests(requests: number): Promise<void> {
  const clock = new ManualClock();
  const cluster = new Cluster(
    checkedOptions({ maxMemoryBytes: 16 * MIB, maxPartitions: 200, maxGroups: 100, maxGroupMembers: 20, clock }),
  );
  cluster.nodeStarted({ nodeId: 1, host: '127.0.0.1', port: 1 });
  cluster.topics.create({ name: 't', partitions: 2, replicationFactor: 1, configs: new Map() });
  const random = new Random(SEED);
  const before = memory();
  let refused = 0;
  for (let count = 0; count < requests; count++) {
    const ends = new Set<() => void>();
    const onDisconnect = (end: () => void) => {
      ends.add(end);
      return () => ends.delete(end);
    };
    try {
      const outcome = dispatch(
        nextRequest(random),
        cluster,
        { nodeId: 1, clientHost: '/fuzz', onDisconnect },
        () => undefined,
      );
      for (const end of [...ends]) end();
      // Parked answers to joining members come when the time of their group does.
      void Promise.resolve(outcome).catch((error: unknown) => {
        throw error;
      });
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      refused++;
    }
    if (count % 100 === 0) {
      clock.advance(1000);
      await Promise.resolve();
    }
  }
  clock.advance(3_600_000);
  await Promise.resolve();
  console.info(
    `${requests} mutated requests (seed ${SEED}), ${requests - refused} handled, ${refused} refused; ` +
      `before: ${before}; after: ${memory()}, of which ${(cluster.counters.recordBytesHeld / MIB).toFixed(0)} MiB records`,
  );
  expect(refused).toBeGreaterThan(requests / 20);
  expect(refused).toBeLessThan(requests * 0.9);
  expect(cluster.counters.recordBytesHeld).toBeLessThanOrEqual(16 * MIB);
  cluster.close();
  expect(clock.waiting).toBe(0);
}

/** Sends mutated requests of all APIs over sockets to a small broker, and expects it to be sound afterwards. */
export async function sendMutatedRequests(requests: number): Promise<void> {
  const errors: unknown[] = [];
  await using kafka = await createEmbeddedKafka({
    topics: [{ name: 't', partitions: 2 }, 'sound'],
    maxMemoryBytes: 16 * MIB,
    maxPartitions: 200,
    maxGroups: 100,
    logger: { debug() {}, info() {}, warn() {}, error: (_, fields) => errors.push(fields) },
  });
  const random = new Random(SEED);
  const before = memory();
  for (let sent = 0; sent < requests; sent += PER_CONNECTION) {
    const client = await RawClient.connect(kafka.bootstrap[0]!);
    for (let count = 0; count < PER_CONNECTION; count++) client.send(nextRequest(random));
    // The end of the stream comes after all requests, so the broker has read them when it closes.
    client.end();
    await client.closed;
  }
  const handled = Object.values(kafka.counters.requests).reduce((sum, count) => sum + count, 0);
  console.info(
    `${requests} mutated requests (seed ${SEED}), ${handled} reached an API, ` +
      `${kafka.counters.protocolErrors} connections were closed; before: ${before}; after: ${memory()}`,
  );
  expect(errors).toEqual([]);
  expect(handled).toBeGreaterThan(requests / 10);
  expect(kafka.counters.recordBytesHeld).toBeLessThanOrEqual(16 * MIB);
  const client = await RawClient.connect(kafka.bootstrap[0]!);
  expect((await produceTo(client, 'sound', sampleBatch())).errorCode).toBe(0);
  expect((await fetchFrom(client, 'sound', 0)).highWatermark).toBe(1);
  client.close();
  await expect.poll(() => kafka.counters.connectionsOpen).toBe(0);
}
