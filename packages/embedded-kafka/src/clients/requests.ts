import { fetch } from '../apis/records/fetch.js';
import type { FetchedPartition } from '../apis/records/fetched-partition.js';
import { type ProducedResult, produce } from '../apis/records/produce.js';
import { NO_UUID } from '../wire/codec.js';
import type { RawClient } from './raw-client.js';

interface ProduceOptions {
  readonly partition?: number;
  readonly acks?: number;
  readonly transactionalId?: string | null;
}

interface FetchOptions {
  readonly partition?: number;
  readonly maxWaitMs?: number;
  readonly minBytes?: number;
  readonly isolationLevel?: number;
  readonly maxBytes?: number;
}

/** Produces a batch to one partition and answers with that partition's result. */
export async function produceTo(
  client: RawClient,
  topic: string,
  batch: Buffer | null,
  { partition = 0, acks = -1, transactionalId = null }: ProduceOptions = {},
): Promise<ProducedResult> {
  const { responses } = await client.call(produce, 8, {
    transactionalId,
    acks,
    timeoutMs: 1000,
    topics: [{ name: topic, partitions: [{ index: partition, records: batch }] }],
  });
  return responses[0]!.partitions[0]!;
}

/** Fetches from one partition. */
export async function fetchFrom(
  client: RawClient,
  topic: string,
  fetchOffset: number,
  { partition = 0, maxWaitMs = 0, minBytes = 1, isolationLevel = 0, maxBytes = 1_000_000 }: FetchOptions = {},
): Promise<FetchedPartition> {
  const { responses } = await client.call(fetch, 11, {
    replicaId: -1,
    maxWaitMs,
    minBytes,
    maxBytes,
    isolationLevel,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [
      {
        topic,
        topicId: NO_UUID,
        partitions: [
          {
            partition,
            currentLeaderEpoch: -1,
            fetchOffset,
            lastFetchedEpoch: -1,
            logStartOffset: -1,
            partitionMaxBytes: maxBytes,
          },
        ],
      },
    ],
    forgottenTopics: [],
    rackId: '',
  });
  return responses[0]!.partitions[0]!;
}
