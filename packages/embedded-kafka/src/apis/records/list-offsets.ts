import type { PartitionLog } from '../../log/partition-log.js';
import { readBatchHeader } from '../../log/record-batch.js';
import { firstRecordAtOrAfter } from '../../log/record-times.js';
import { array, type Codec, int8, int16, int32, int64, since, string, struct } from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';
import type { RequestContext } from '../request-context.js';

/*
 * Request  v1-8 = replica_id:INT32 isolation_level:INT8(2+)
 *                 topics:[name:STRING partitions:[partition_index:INT32 current_leader_epoch:INT32(4+) timestamp:INT64]]
 * Response v1-8 = throttle_time_ms:INT32(2+)
 *                 topics:[name:STRING partitions:[partition_index:INT32 error_code:INT16 timestamp:INT64 offset:INT64
 *                   leader_epoch:INT32(4+)]]
 * Flexible from v6. Timestamps below zero: -1 latest, -2 earliest, -3 the largest time (7+), -4 earliest local (8+).
 */
interface AskedPartition {
  readonly partitionIndex: number;
  readonly currentLeaderEpoch: number;
  readonly timestamp: number;
}

export interface ListOffsetsRequest {
  readonly replicaId: number;
  readonly isolationLevel: number;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly AskedPartition[] }[];
}

interface ListedPartition {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly timestamp: number;
  readonly offset: number;
  readonly leaderEpoch: number;
}

export interface ListOffsetsResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly ListedPartition[] }[];
}

const LATEST = -1;
const EARLIEST = -2;
const LARGEST_TIME = -3;
const EARLIEST_LOCAL = -4;
const READ_COMMITTED = 1;

const request: Codec<ListOffsetsRequest> = struct({
  replicaId: int32,
  isolationLevel: since(2, int8, 0),
  topics: array(
    struct({
      name: string,
      partitions: array(
        struct<AskedPartition>({ partitionIndex: int32, currentLeaderEpoch: since(4, int32, -1), timestamp: int64 }),
      ),
    }),
  ),
});

const response: Codec<ListOffsetsResponse> = struct({
  throttleTimeMs: since(2, int32, 0),
  topics: array(
    struct({
      name: string,
      partitions: array(
        struct<ListedPartition>({
          partitionIndex: int32,
          errorCode: int16,
          timestamp: int64,
          offset: int64,
          leaderEpoch: since(4, int32, -1),
        }),
      ),
    }),
  ),
});

function failed(partitionIndex: number, errorCode: number): ListedPartition {
  return { partitionIndex, errorCode, timestamp: -1, offset: -1, leaderEpoch: -1 };
}

/** Offset and time of what a timestamp means; offset -1 when there is no such record. */
function find(log: PartitionLog, timestamp: number, committedOnly: boolean): { timestamp: number; offset: number } {
  const end = committedOnly ? log.lastStableOffset : log.endOffset;
  if (timestamp === LATEST) return { timestamp: -1, offset: end };
  if (timestamp === EARLIEST || timestamp === EARLIEST_LOCAL) return { timestamp: -1, offset: log.startOffset };
  const wanted = timestamp === LARGEST_TIME ? log.latestTimestamp() : timestamp;
  const found = wanted < 0 && timestamp < 0 ? undefined : log.firstAtOrAfter(wanted);
  if (!found) return { timestamp: -1, offset: -1 };
  const record = firstRecordAtOrAfter(found.batch, wanted) ?? {
    offset: found.baseOffset,
    timestamp: readBatchHeader(found.batch).maxTimestamp,
  };
  return record.offset < end ? record : { timestamp: -1, offset: -1 };
}

function list(context: RequestContext, name: string, ask: AskedPartition, isolationLevel: number): ListedPartition {
  const { partitionIndex, currentLeaderEpoch, timestamp } = ask;
  const partition = context.cluster.topics.partition(name, partitionIndex);
  if (!partition) return failed(partitionIndex, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  if (partition.leaderId !== context.nodeId) return failed(partitionIndex, ErrorCode.NOT_LEADER_OR_FOLLOWER);
  if (currentLeaderEpoch >= 0 && currentLeaderEpoch !== partition.leaderEpoch) {
    const isOld = currentLeaderEpoch < partition.leaderEpoch;
    return failed(partitionIndex, isOld ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.UNKNOWN_LEADER_EPOCH);
  }
  const found = find(partition.log, timestamp, isolationLevel === READ_COMMITTED);
  return {
    partitionIndex,
    errorCode: ErrorCode.NONE,
    ...found,
    leaderEpoch: found.offset < 0 ? -1 : partition.leaderEpoch,
  };
}

export const listOffsets: Api<ListOffsetsRequest, ListOffsetsResponse> = {
  key: 2,
  name: 'ListOffsets',
  minVersion: 1,
  maxVersion: 8,
  flexibleFrom: 6,
  request,
  response,
  handle: (context, { topics, isolationLevel }) => ({
    throttleTimeMs: 0,
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((ask) => list(context, name, ask, isolationLevel)),
    })),
  }),
  refuse: ({ topics }, errorCode) => ({
    throttleTimeMs: 0,
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => failed(partitionIndex, errorCode)),
    })),
  }),
};
