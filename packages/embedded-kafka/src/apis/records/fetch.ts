import {
  array,
  type Codec,
  int8,
  int16,
  int32,
  int64,
  NO_UUID,
  nullableArray,
  nullableBytes,
  since,
  string,
  struct,
  until,
  uuid,
} from '../../wire/codec.js';
import type { Api } from '../api.js';
import type { RequestContext } from '../request-context.js';
import { FetchPlan } from './fetch-plan.js';
import { waitForRecords } from './fetch-wait.js';
import { type FetchedPartition, failedFetch } from './fetched-partition.js';

/*
 * Request  v4-16 = replica_id:INT32(-14) max_wait_ms:INT32 min_bytes:INT32 max_bytes:INT32 isolation_level:INT8
 *                  session_id:INT32(7+) session_epoch:INT32(7+)
 *                  topics:[topic:STRING(-12) topic_id:UUID(13+) partitions:[partition:INT32
 *                    current_leader_epoch:INT32(9+) fetch_offset:INT64 last_fetched_epoch:INT32(12+)
 *                    log_start_offset:INT64(5+) partition_max_bytes:INT32]]
 *                  forgotten_topics:[topic:STRING(-12) topic_id:UUID(13+) partitions:[INT32]](7+) rack_id:STRING(11+)
 * Response v4-16 = throttle_time_ms:INT32 error_code:INT16(7+) session_id:INT32(7+)
 *                  responses:[topic:STRING(-12) topic_id:UUID(13+) partitions:[partition_index:INT32 error_code:INT16
 *                    high_watermark:INT64 last_stable_offset:INT64 log_start_offset:INT64(5+)
 *                    aborted_transactions:[producer_id:INT64 first_offset:INT64]? preferred_read_replica:INT32(11+)
 *                    records:BYTES?]]
 * Flexible from v12. Fetch sessions are not offered: the session id is 0, and clients name all partitions each time.
 */
export interface FetchPartition {
  readonly partition: number;
  readonly currentLeaderEpoch: number;
  readonly fetchOffset: number;
  readonly lastFetchedEpoch: number;
  readonly logStartOffset: number;
  readonly partitionMaxBytes: number;
}

export interface FetchTopic {
  readonly topic: string;
  readonly topicId: string;
  readonly partitions: readonly FetchPartition[];
}

export interface FetchRequest {
  readonly replicaId: number;
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly isolationLevel: number;
  readonly sessionId: number;
  readonly sessionEpoch: number;
  readonly topics: readonly FetchTopic[];
  readonly forgottenTopics: readonly {
    readonly topic: string;
    readonly topicId: string;
    readonly partitions: readonly number[];
  }[];
  readonly rackId: string;
}

export interface FetchResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly sessionId: number;
  readonly responses: readonly {
    readonly topic: string;
    readonly topicId: string;
    readonly partitions: readonly FetchedPartition[];
  }[];
}

const topicName: Codec<string> = until(12, string, '');
const topicId: Codec<string> = since(13, uuid, NO_UUID);

const request: Codec<FetchRequest> = struct({
  replicaId: until(14, int32, -1),
  maxWaitMs: int32,
  minBytes: int32,
  maxBytes: int32,
  isolationLevel: int8,
  sessionId: since(7, int32, 0),
  sessionEpoch: since(7, int32, -1),
  topics: array(
    struct<FetchTopic>({
      topic: topicName,
      topicId,
      partitions: array(
        struct<FetchPartition>({
          partition: int32,
          currentLeaderEpoch: since(9, int32, -1),
          fetchOffset: int64,
          lastFetchedEpoch: since(12, int32, -1),
          logStartOffset: since(5, int64, -1),
          partitionMaxBytes: int32,
        }),
      ),
    }),
  ),
  forgottenTopics: since(7, array(struct({ topic: topicName, topicId, partitions: array(int32) })), []),
  rackId: since(11, string, ''),
});

const response: Codec<FetchResponse> = struct({
  throttleTimeMs: int32,
  errorCode: since(7, int16, 0),
  sessionId: since(7, int32, 0),
  responses: array(
    struct({
      topic: topicName,
      topicId,
      partitions: array(
        struct<FetchedPartition>({
          partitionIndex: int32,
          errorCode: int16,
          highWatermark: int64,
          lastStableOffset: int64,
          logStartOffset: since(5, int64, -1),
          abortedTransactions: nullableArray(struct({ producerId: int64, firstOffset: int64 })),
          preferredReadReplica: since(11, int32, -1),
          records: nullableBytes,
        }),
      ),
    }),
  ),
});

export const fetch: Api<FetchRequest, FetchResponse> = {
  key: 1,
  name: 'Fetch',
  minVersion: 4,
  maxVersion: 16,
  flexibleFrom: 12,
  request,
  response,
  handle(context: RequestContext, body: FetchRequest) {
    const plan = new FetchPlan(context, body);
    if (body.maxWaitMs <= 0 || plan.isReady()) return plan.answer();
    return waitForRecords(plan, body.maxWaitMs, context);
  },
  refuse: ({ topics }, errorCode) => ({
    throttleTimeMs: 0,
    errorCode,
    sessionId: 0,
    responses: topics.map(({ topic, topicId, partitions }) => ({
      topic,
      topicId,
      partitions: partitions.map(({ partition }) => failedFetch(partition, errorCode)),
    })),
  }),
};
