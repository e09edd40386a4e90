import { array, type Codec, int16, int32, int64, nullableString, since, string, struct } from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';
import { type CommittedPartition, committedPartition } from '../committed-partition.js';
import { answerEach, type PartitionErrors, partitionErrors } from '../partition-errors.js';
import type { RequestContext } from '../request-context.js';
import { fencedAs } from './fenced-as.js';

/*
 * Request  v0-3 = transactional_id:STRING group_id:STRING producer_id:INT64 producer_epoch:INT16 generation_id:INT32(3+)
 *                 member_id:STRING(3+) group_instance_id:STRING?(3+) topics:[name:STRING partitions:[partition_index:INT32
 *                   committed_offset:INT64 committed_leader_epoch:INT32(2+) committed_metadata:STRING?]]
 * Response v0-3 = throttle_time_ms:INT32 topics:[name:STRING partitions:[partition_index:INT32 error_code:INT16]]
 * Flexible from v3. Goes to the coordinator of the group; the offsets count when the transaction commits.
 */
export interface TxnOffsetCommitRequest {
  readonly transactionalId: string;
  readonly groupId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly CommittedPartition[] }[];
}

export interface TxnOffsetCommitResponse {
  readonly throttleTimeMs: number;
  readonly topics: PartitionErrors;
}

/** This API tells of a fenced producer only by its epoch in all of its versions. */
const NEVER = Number.POSITIVE_INFINITY;

const request: Codec<TxnOffsetCommitRequest> = struct({
  transactionalId: string,
  groupId: string,
  producerId: int64,
  producerEpoch: int16,
  generationId: since(3, int32, -1),
  memberId: since(3, string, ''),
  groupInstanceId: since(3, nullableString, null),
  topics: array(struct({ name: string, partitions: array(committedPartition(2)) })),
});

const response: Codec<TxnOffsetCommitResponse> = struct({
  throttleTimeMs: int32,
  topics: partitionErrors,
});

function hold(
  { cluster }: RequestContext,
  body: TxnOffsetCommitRequest,
  topic: string,
  each: CommittedPartition,
): number {
  const error = cluster.checkOffset(topic, each);
  if (error !== ErrorCode.NONE) return error;
  return cluster.transactions.holdOffset(body.transactionalId, body.groupId, {
    topic,
    partition: each.partitionIndex,
    offset: each.committedOffset,
    leaderEpoch: each.committedLeaderEpoch,
    metadata: each.committedMetadata,
  });
}

function checkMember({ cluster }: RequestContext, body: TxnOffsetCommitRequest): number {
  const group = cluster.groups.get(body.groupId);
  if (group) return group.checkTransactionalCommit(body);
  return body.generationId < 0 ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION;
}

export const txnOffsetCommit: Api<TxnOffsetCommitRequest, TxnOffsetCommitResponse> = {
  key: 28,
  name: 'TxnOffsetCommit',
  minVersion: 0,
  maxVersion: 3,
  flexibleFrom: 3,
  request,
  response,
  coordinated: ({ groupId }) => [groupId],
  handle(context, body) {
    const fenced = context.cluster.transactions.check(body.transactionalId, body);
    const error = fenced === ErrorCode.NONE ? checkMember(context, body) : fencedAs(fenced, context.apiVersion, NEVER);
    if (error !== ErrorCode.NONE) return txnOffsetCommit.refuse(body, error);
    return {
      throttleTimeMs: 0,
      topics: answerEach(body.topics, (topic, each) => hold(context, body, topic, each)),
    };
  },
  refuse: ({ topics }, errorCode) => ({ throttleTimeMs: 0, topics: answerEach(topics, () => errorCode) }),
};
