import { array, type Codec, int16, int32, int64, string, struct } from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';
import type { RequestContext } from '../request-context.js';

/*
 * Request  v0-2 = topics:[name:STRING partitions:[partition_index:INT32 offset:INT64]] timeout_ms:INT32
 * Response v0-2 = throttle_time_ms:INT32 topics:[name:STRING partitions:[partition_index:INT32 low_watermark:INT64
 *                   error_code:INT16]]
 * Flexible from v2. Offset -1 deletes everything.
 */
export interface DeleteRecordsRequest {
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly { readonly partitionIndex: number; readonly offset: number }[];
  }[];
  readonly timeoutMs: number;
}

interface DeletedPartition {
  readonly partitionIndex: number;
  readonly lowWatermark: number;
  readonly errorCode: number;
}

export interface DeleteRecordsResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly DeletedPartition[] }[];
}

const EVERYTHING = -1;

const request: Codec<DeleteRecordsRequest> = struct({
  topics: array(struct({ name: string, partitions: array(struct({ partitionIndex: int32, offset: int64 })) })),
  timeoutMs: int32,
});

const response: Codec<DeleteRecordsResponse> = struct({
  throttleTimeMs: int32,
  topics: array(
    struct({
      name: string,
      partitions: array(struct<DeletedPartition>({ partitionIndex: int32, lowWatermark: int64, errorCode: int16 })),
    }),
  ),
});

function remove(
  { cluster, nodeId }: RequestContext,
  name: string,
  partitionIndex: number,
  offset: number,
): DeletedPartition {
  const partition = cluster.topics.partition(name, partitionIndex);
  if (!partition) return { partitionIndex, lowWatermark: -1, errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION };
  if (partition.leaderId !== nodeId) {
    return { partitionIndex, lowWatermark: -1, errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER };
  }
  const { log } = partition;
  const errorCode = log.deleteBefore(offset === EVERYTHING ? log.endOffset : offset);
  if (errorCode === ErrorCode.NONE) cluster.metadataChanged();
  return { partitionIndex, lowWatermark: errorCode === ErrorCode.NONE ? log.startOffset : -1, errorCode };
}

export const deleteRecords: Api<DeleteRecordsRequest, DeleteRecordsResponse> = {
  key: 21,
  name: 'DeleteRecords',
  minVersion: 0,
  maxVersion: 2,
  flexibleFrom: 2,
  request,
  response,
  handle: (context, { topics }) => ({
    throttleTimeMs: 0,
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex, offset }) => remove(context, name, partitionIndex, offset)),
    })),
  }),
  refuse: ({ topics }, errorCode) => ({
    throttleTimeMs: 0,
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, lowWatermark: -1, errorCode })),
    })),
  }),
};
