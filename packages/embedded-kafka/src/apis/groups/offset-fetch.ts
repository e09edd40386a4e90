import type { Group } from '../../groups/group.js';
import {
  array,
  between,
  boolean,
  type Codec,
  int16,
  int32,
  int64,
  nullableArray,
  nullableString,
  since,
  string,
  struct,
  until,
} from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';
import type { RequestContext } from '../request-context.js';

/*
 * Request  v1-7 = group_id:STRING topics:[name:STRING partition_indexes:[INT32]](null for all from 2) require_stable:BOOL(7+)
 *          v8-9 = groups:[group_id:STRING member_id:STRING?(9+) member_epoch:INT32(9+)
 *                   topics:[name:STRING partition_indexes:[INT32]]?] require_stable:BOOL
 * Response v1-7 = throttle_time_ms:INT32(3+) topics:[name:STRING partitions:[PARTITION]] error_code:INT16(2+)
 *          v8-9 = throttle_time_ms:INT32 groups:[group_id:STRING topics:[name:STRING partitions:[PARTITION]] error_code:INT16]
 * PARTITION     = partition_index:INT32 committed_offset:INT64 committed_leader_epoch:INT32(5+) metadata:STRING? error_code:INT16
 * Flexible from v6. Offset -1: nothing committed.
 */
interface AskedTopic {
  readonly name: string;
  readonly partitionIndexes: readonly number[];
}

interface AskedGroup {
  readonly groupId: string;
  readonly memberId: string | null;
  readonly memberEpoch: number;
  readonly topics: readonly AskedTopic[] | null;
}

export interface OffsetFetchRequest {
  readonly groupId: string;
  readonly topics: readonly AskedTopic[] | null;
  readonly groups: readonly AskedGroup[];
  readonly requireStable: boolean;
}

interface FetchedOffset {
  readonly partitionIndex: number;
  readonly committedOffset: number;
  readonly committedLeaderEpoch: number;
  readonly metadata: string | null;
  readonly errorCode: number;
}

interface FetchedTopic {
  readonly name: string;
  readonly partitions: readonly FetchedOffset[];
}

interface FetchedGroup {
  readonly groupId: string;
  readonly topics: readonly FetchedTopic[];
  readonly errorCode: number;
}

export interface OffsetFetchResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly FetchedTopic[];
  readonly errorCode: number;
  readonly groups: readonly FetchedGroup[];
}

const FIRST_VERSION_WITH_GROUPS = 8;

const askedTopics: Codec<readonly AskedTopic[] | null> = nullableArray(
  struct<AskedTopic>({ name: string, partitionIndexes: array(int32) }),
);

const request: Codec<OffsetFetchRequest> = struct({
  groupId: until(7, string, ''),
  topics: until(7, askedTopics, null),
  groups: since(
    FIRST_VERSION_WITH_GROUPS,
    array(
      struct<AskedGroup>({
        groupId: string,
        memberId: since(9, nullableString, null),
        memberEpoch: since(9, int32, -1),
        topics: askedTopics,
      }),
    ),
    [],
  ),
  requireStable: since(7, boolean, false),
});

const fetchedTopics: Codec<readonly FetchedTopic[]> = array(
  struct<FetchedTopic>({
    name: string,
    partitions: array(
      struct<FetchedOffset>({
        partitionIndex: int32,
        committedOffset: int64,
        committedLeaderEpoch: since(5, int32, -1),
        metadata: nullableString,
        errorCode: int16,
      }),
    ),
  }),
);

const response: Codec<OffsetFetchResponse> = struct({
  throttleTimeMs: since(3, int32, 0),
  topics: until(7, fetchedTopics, []),
  errorCode: between(2, 7, int16, 0),
  groups: since(
    FIRST_VERSION_WITH_GROUPS,
    array(struct<FetchedGroup>({ groupId: string, topics: fetchedTopics, errorCode: int16 })),
    [],
  ),
});

function nothing(partitionIndex: number, errorCode: number): FetchedOffset {
  return { partitionIndex, committedOffset: -1, committedLeaderEpoch: -1, metadata: '', errorCode };
}

function fetchOffset(
  context: RequestContext,
  group: Group | undefined,
  topic: string,
  partitionIndex: number,
  requireStable: boolean,
): FetchedOffset {
  if (requireStable && group && context.cluster.transactions.hasPendingOffset(group.id, topic, partitionIndex)) {
    return nothing(partitionIndex, ErrorCode.UNSTABLE_OFFSET_COMMIT);
  }
  const committed = group?.offsets.get(topic, partitionIndex);
  if (!committed) return nothing(partitionIndex, ErrorCode.NONE);
  return {
    partitionIndex,
    committedOffset: committed.offset,
    committedLeaderEpoch: committed.leaderEpoch,
    metadata: committed.metadata,
    errorCode: ErrorCode.NONE,
  };
}

function fetchGroup(
  context: RequestContext,
  groupId: string,
  asked: readonly AskedTopic[] | null,
  requireStable: boolean,
): FetchedGroup {
  const group = context.cluster.groups.get(groupId);
  const wanted =
    asked ??
    [...(group?.offsets.topics() ?? [])].map(([name, partitions]) => ({
      name,
      partitionIndexes: [...partitions.keys()],
    }));
  const topics = wanted.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((index) => fetchOffset(context, group, name, index, requireStable)),
  }));
  return { groupId, topics, errorCode: ErrorCode.NONE };
}

function refuseTopics(asked: readonly AskedTopic[] | null, errorCode: number): readonly FetchedTopic[] {
  return (asked ?? []).map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((index) => nothing(index, errorCode)),
  }));
}

export const offsetFetch: Api<OffsetFetchRequest, OffsetFetchResponse> = {
  key: 9,
  name: 'OffsetFetch',
  minVersion: 1,
  maxVersion: 9,
  flexibleFrom: 6,
  request,
  response,
  coordinated: ({ groupId, groups }) => (groups.length > 0 ? groups.map((each) => each.groupId) : [groupId]),
  handle(context, { groupId, topics, groups, requireStable }) {
    if (context.apiVersion >= FIRST_VERSION_WITH_GROUPS) {
      const fetched = groups.map((each) => fetchGroup(context, each.groupId, each.topics, requireStable));
      return { throttleTimeMs: 0, topics: [], errorCode: ErrorCode.NONE, groups: fetched };
    }
    const fetched = fetchGroup(context, groupId, topics, requireStable);
    return { throttleTimeMs: 0, topics: fetched.topics, errorCode: fetched.errorCode, groups: [] };
  },
  refuse: ({ topics, groups }, errorCode) => ({
    throttleTimeMs: 0,
    topics: refuseTopics(topics, errorCode),
    errorCode,
    groups: groups.map((each) => ({ groupId: each.groupId, topics: [], errorCode })),
  }),
};
