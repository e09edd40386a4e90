import { array, between, type Codec, int32, int64, nullableString, since, string, struct } from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';
import { type CommittedPartition, committedPartition } from '../committed-partition.js';
import { answerEach, type PartitionErrors, partitionErrors } from '../partition-errors.js';

/*
 * Request  v2-9 = group_id:STRING generation_id:INT32 member_id:STRING group_instance_id:STRING?(7+)
 *                 retention_time_ms:INT64(-4) topics:[name:STRING partitions:[partition_index:INT32
 *                   committed_offset:INT64 committed_leader_epoch:INT32(6+) committed_metadata:STRING?]]
 * Response v2-9 = throttle_time_ms:INT32(3+) topics:[name:STRING partitions:[partition_index:INT32 error_code:INT16]]
 * Flexible from v8.
 */
export interface OffsetCommitRequest {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly retentionTimeMs: number;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly CommittedPartition[] }[];
}

export interface OffsetCommitResponse {
  readonly throttleTimeMs: number;
  readonly topics: PartitionErrors;
}

const request: Codec<OffsetCommitRequest> = struct({
  groupId: string,
  generationId: int32,
  memberId: string,
  groupInstanceId: since(7, nullableString, null),
  retentionTimeMs: between(2, 4, int64, -1),
  topics: array(struct({ name: string, partitions: array(committedPartition(6)) })),
});

const response: Codec<OffsetCommitResponse> = struct({
  throttleTimeMs: since(3, int32, 0),
  topics: partitionErrors,
});

export const offsetCommit: Api<OffsetCommitRequest, OffsetCommitResponse> = {
  key: 8,
  name: 'OffsetCommit',
  minVersion: 2,
  maxVersion: 9,
  flexibleFrom: 8,
  request,
  response,
  coordinated: ({ groupId }) => [groupId],
  handle({ cluster }, body) {
    const { groupId, generationId, topics } = body;
    const group = generationId < 0 ? cluster.groups.open(groupId) : cluster.groups.get(groupId);
    const error = group ? group.checkCommit(body) : ErrorCode.ILLEGAL_GENERATION;
    if (!group || error !== ErrorCode.NONE) return offsetCommit.refuse(body, error);
    return {
      throttleTimeMs: 0,
      topics: answerEach(topics, (topic, each) => cluster.commitOffset(group, topic, each)),
    };
  },
  refuse: ({ topics }, errorCode) => ({ throttleTimeMs: 0, topics: answerEach(topics, () => errorCode) }),
};
