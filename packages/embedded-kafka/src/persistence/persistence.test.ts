import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { offsetCommit } from '../apis/groups/offset-commit.js';
import { offsetFetch } from '../apis/groups/offset-fetch.js';
import { addPartitionsToTxn } from '../apis/transactions/add-partitions-to-txn.js';
import { initProducerId } from '../apis/transactions/init-producer-id.js';
import { RawClient } from '../clients/raw-client.js';
import { fetchFrom, produceTo } from '../clients/requests.js';
import { sampleBatch } from '../clients/sample-batch.js';
import { createEmbeddedKafka } from '../embedded-kafka.js';
import type { EmbeddedKafkaOptions } from '../options.js';

describe('a broker with a directory', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'embedded-kafka-'));
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const run = async <T>(work: (client: RawClient) => Promise<T>, options: EmbeddedKafkaOptions = {}): Promise<T> => {
    await using kafka = await createEmbeddedKafka({ dataDir: directory, topics: ['t'], ...options });
    const client = await RawClient.connect(kafka.bootstrap[0]!);
    try {
      return await work(client);
    } finally {
      client.close();
    }
  };

  const files = (): readonly string[] =>
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.name.endsWith('.log'))
      .map((entry) => join(entry.parentPath, entry.name));

  it('has its records, byte for byte, after a restart and appends behind them', async () => {
    const before = await run(async (client) => {
      for (let count = 0; count < 50; count++)
        await produceTo(client, 't', sampleBatch({ values: [`${count}`, 'x'.repeat(2000)] }));
      return (await fetchFrom(client, 't', 0, { maxBytes: 10_000 })).records!;
    });
    await run(async (client) => {
      const { records, highWatermark } = await fetchFrom(client, 't', 0, { maxBytes: 10_000 });
      expect(highWatermark).toBe(100);
      expect(records!.equals(before)).toBe(true);
      expect((await produceTo(client, 't', sampleBatch())).baseOffset).toBe(100);
    });
  });

  it('remembers committed offsets and the sequences of idempotent producers', async () => {
    const batch = sampleBatch({ producerId: 5, producerEpoch: 0, baseSequence: 0 });
    const member = { groupId: 'g', generationId: -1, memberId: '', groupInstanceId: null, retentionTimeMs: -1 };
    const commit = { partitionIndex: 0, committedOffset: 1, committedLeaderEpoch: 0, committedMetadata: 'note' };
    await run(async (client) => {
      await produceTo(client, 't', batch);
      await client.call(offsetCommit, 7, { ...member, topics: [{ name: 't', partitions: [commit] }] });
    });
    await run(async (client) => {
      expect(await produceTo(client, 't', batch)).toMatchObject({ errorCode: 0, baseOffset: 0 });
      const asked = { groupId: 'g', topics: [{ name: 't', partitionIndexes: [0] }], groups: [], requireStable: false };
      const { topics } = await client.call(offsetFetch, 5, asked);
      expect(topics[0]!.partitions[0]).toMatchObject({ committedOffset: 1, metadata: 'note' });
    });
  });

  it('cuts off what a crash left half written', async () => {
    await run(async (client) => {
      await produceTo(client, 't', sampleBatch());
    });
    appendFileSync(files()[0]!, sampleBatch().subarray(0, 30));
    await run(async (client) => {
      expect((await produceTo(client, 't', sampleBatch())).baseOffset).toBe(1);
    });
    await run(async (client) => {
      expect((await fetchFrom(client, 't', 0)).highWatermark).toBe(2);
    });
  });

  it('aborts transactions that were open at the end', async () => {
    await run(async (client) => {
      const asked = { transactionalId: 'x', transactionTimeoutMs: 60_000, producerId: -1, producerEpoch: -1 };
      const producer = await client.call(initProducerId, 1, asked);
      await client.call(addPartitionsToTxn, 1, {
        transactionalId: 'x',
        ...producer,
        topics: [{ name: 't', partitions: [0] }],
      });
      await produceTo(client, 't', sampleBatch({ ...producer, baseSequence: 0, transactional: true }), {
        transactionalId: 'x',
      });
    });
    await run(async (client) => {
      const fetched = await fetchFrom(client, 't', 0, { isolationLevel: 1 });
      expect(fetched).toMatchObject({
        highWatermark: 2,
        lastStableOffset: 2,
        abortedTransactions: [{ firstOffset: 0 }],
      });
    });
  });

  it('keeps where the log begins, and no files of what went', async () => {
    const options = { retentionBytes: 100_000, topics: ['t', 'gone'] };
    await run(async (client) => {
      for (let count = 0; count < 100; count++)
        await produceTo(client, 't', sampleBatch({ values: ['x'.repeat(10_000)] }));
    }, options);
    const kept = files().length;
    expect(kept).toBeLessThan(10);
    await run(async (client) => {
      const { logStartOffset, highWatermark } = await fetchFrom(client, 't', 99);
      expect(highWatermark).toBe(100);
      expect(logStartOffset).toBeGreaterThan(50);
    }, options);
  });

  it('refuses a directory in use and one it cannot read', async () => {
    await run(async () => {
      await expect(createEmbeddedKafka({ dataDir: directory })).rejects.toMatchObject({ code: 'directory_in_use' });
    });
    writeFileSync(join(directory, 'state.json'), '{"format":9}');
    await expect(createEmbeddedKafka({ dataDir: directory })).rejects.toMatchObject({ code: 'unreadable_directory' });
  });
});
