import { array, type Codec, int16, int32, string, struct } from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';
import { answerEach, type PartitionErrors, partitionErrors } from '../partition-errors.js';

/*
 * Request  v0 = group_id:STRING topics:[name:STRING partitions:[partition_index:INT32]]
 * Response v0 = error_code:INT16 throttle_time_ms:INT32 topics:[name:STRING partitions:[partition_index:INT32
 *                 error_code:INT16]]
 * A group with members keeps its offsets.
 */
export interface OffsetDeleteRequest {
  readonly groupId: string;
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly { readonly partitionIndex: number }[];
  }[];
}

export interface OffsetDeleteResponse {
  readonly errorCode: number;
  readonly throttleTimeMs: number;
  readonly topics: PartitionErrors;
}

const request: Codec<OffsetDeleteRequest> = struct({
  groupId: string,
  topics: array(struct({ name: string, partitions: array(struct({ partitionIndex: int32 })) })),
});

const response: Codec<OffsetDeleteResponse> = struct({
  errorCode: int16,
  throttleTimeMs: int32,
  topics: partitionErrors,
});

export const offsetDelete: Api<OffsetDeleteRequest, OffsetDeleteResponse> = {
  key: 47,
  name: 'OffsetDelete',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: Number.POSITIVE_INFINITY,
  request,
  response,
  coordinated: ({ groupId }) => [groupId],
  handle({ cluster }, body) {
    const group = cluster.groups.get(body.groupId);
    if (!group) return offsetDelete.refuse(body, ErrorCode.GROUP_ID_NOT_FOUND);
    const topics = answerEach(body.topics, (topic, { partitionIndex }) => {
      if (!cluster.topics.partition(topic, partitionIndex)) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
      if (!group.isEmpty) return ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC;
      group.offsets.delete(topic, partitionIndex);
      return ErrorCode.NONE;
    });
    cluster.metadataChanged();
    return { errorCode: ErrorCode.NONE, throttleTimeMs: 0, topics };
  },
  refuse: (_, errorCode) => ({ errorCode, throttleTimeMs: 0, topics: [] }),
};
