import { array, type Codec, int16, int32, int64, since, string, struct } from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';
import type { RequestContext } from '../request-context.js';

/*
 * Request  v2-4 = replica_id:INT32(3+) topics:[topic:STRING partitions:[partition:INT32 current_leader_epoch:INT32
 *                   leader_epoch:INT32]]
 * Response v2-4 = throttle_time_ms:INT32 topics:[topic:STRING partitions:[error_code:INT16 partition:INT32
 *                   leader_epoch:INT32 end_offset:INT64]]
 * Flexible from v4. A log in one process never diverges: an epoch ends where the next one began.
 */
interface AskedPartition {
  readonly partition: number;
  readonly currentLeaderEpoch: number;
  readonly leaderEpoch: number;
}

export interface OffsetForLeaderEpochRequest {
  readonly replicaId: number;
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly AskedPartition[] }[];
}

interface EpochEnd {
  readonly errorCode: number;
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly endOffset: number;
}

export interface OffsetForLeaderEpochResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly EpochEnd[] }[];
}

const request: Codec<OffsetForLeaderEpochRequest> = struct({
  replicaId: since(3, int32, -2),
  topics: array(
    struct({
      topic: string,
      partitions: array(struct<AskedPartition>({ partition: int32, currentLeaderEpoch: int32, leaderEpoch: int32 })),
    }),
  ),
});

const response: Codec<OffsetForLeaderEpochResponse> = struct({
  throttleTimeMs: int32,
  topics: array(
    struct({
      topic: string,
      partitions: array(struct<EpochEnd>({ errorCode: int16, partition: int32, leaderEpoch: int32, endOffset: int64 })),
    }),
  ),
});

function failed(partition: number, errorCode: number): EpochEnd {
  return { errorCode, partition, leaderEpoch: -1, endOffset: -1 };
}

function find({ cluster, nodeId }: RequestContext, topic: string, ask: AskedPartition): EpochEnd {
  const partition = cluster.topics.partition(topic, ask.partition);
  if (!partition) return failed(ask.partition, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  if (partition.leaderId !== nodeId) return failed(ask.partition, ErrorCode.NOT_LEADER_OR_FOLLOWER);
  const current = ask.currentLeaderEpoch;
  if (current >= 0 && current < partition.leaderEpoch) return failed(ask.partition, ErrorCode.FENCED_LEADER_EPOCH);
  if (current > partition.leaderEpoch) return failed(ask.partition, ErrorCode.UNKNOWN_LEADER_EPOCH);
  const end = partition.endOfEpoch(ask.leaderEpoch);
  return { errorCode: ErrorCode.NONE, partition: ask.partition, ...end };
}

export const offsetForLeaderEpoch: Api<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse> = {
  key: 23,
  name: 'OffsetForLeaderEpoch',
  minVersion: 2,
  maxVersion: 4,
  flexibleFrom: 4,
  request,
  response,
  handle: (context, { topics }) => ({
    throttleTimeMs: 0,
    topics: topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map((ask) => find(context, topic, ask)),
    })),
  }),
  refuse: ({ topics }, errorCode) => ({
    throttleTimeMs: 0,
    topics: topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition }) => failed(partition, errorCode)),
    })),
  }),
};
