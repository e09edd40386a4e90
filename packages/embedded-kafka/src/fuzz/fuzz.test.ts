import { describe, expect, it } from 'vitest';
import { encodeRequest, RawClient } from '../clients/raw-client.js';
import { fetchFrom, produceTo } from '../clients/requests.js';
import { sampleBatch } from '../clients/sample-batch.js';
import { sampleRequests } from '../clients/sample-requests.js';
import { createEmbeddedKafka } from '../embedded-kafka.js';
import { mutate, Random } from './mutate.js';

const isLong = process.env.NARU_LONG === '1';
const REQUESTS = isLong ? 200_000 : 5000;
/** Requests on one connection before it is left, with whatever it waits for. */
const PER_CONNECTION = 10;
const SEED = 20_261_123;
const MIB = 1024 * 1024;

const originals = sampleRequests.flatMap(({ api, body }) =>
  Array.from({ length: api.maxVersion - api.minVersion + 1 }, (_, offset) =>
    encodeRequest(api, api.minVersion + offset, 1, body),
  ),
);

function memoryMib(): { heap: number; outside: number } {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heap: Math.round(heapUsed / MIB), outside: Math.round(arrayBuffers / MIB) };
}

describe('mutated requests', () => {
  it(`do not stop the broker (${REQUESTS} of them)`, { timeout: 600_000 }, async () => {
    const errors: unknown[] = [];
    const logger = {
      debug: () => {},
      info: () => {},
      warn: () => {},
      error: (_: string, fields?: object) => errors.push(fields),
    };
    await using kafka = await createEmbeddedKafka({
      topics: [{ name: 't', partitions: 2 }, 'sound'],
      maxMemoryBytes: 16 * MIB,
      maxPartitions: 200,
      maxGroups: 100,
      logger,
    });
    const random = new Random(SEED);
    const before = memoryMib();
    for (let sent = 0; sent < REQUESTS; sent += PER_CONNECTION) {
      const client = await RawClient.connect(kafka.bootstrap[0]!);
      for (let count = 0; count < PER_CONNECTION; count++) client.send(mutate(random.pick(originals), random));
      // The broker has read everything, or closed the connection, once it has dealt with the end of the stream.
      client.end();
      await client.closed;
    }
    const after = memoryMib();
    const handled = Object.values(kafka.counters.requests).reduce((sum, count) => sum + count, 0);
    console.info(
      `fuzz: ${REQUESTS} requests (seed ${SEED}), ${handled} with a known API, ${kafka.counters.protocolErrors} connections closed; ` +
        `heap ${before.heap} → ${after.heap} MiB, buffers ${before.outside} → ${after.outside} MiB`,
    );
    expect(errors).toEqual([]);
    expect(handled).toBeGreaterThan(REQUESTS / 10);
    expect(kafka.counters.recordBytesHeld).toBeLessThanOrEqual(16 * MIB);
    const client = await RawClient.connect(kafka.bootstrap[0]!);
    expect((await produceTo(client, 'sound', sampleBatch())).errorCode).toBe(0);
    expect((await fetchFrom(client, 'sound', 0)).highWatermark).toBe(1);
    client.close();
    await expect.poll(() => kafka.counters.connectionsOpen).toBe(0);
  });
});
