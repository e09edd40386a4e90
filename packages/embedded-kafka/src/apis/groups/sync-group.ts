import type { SyncAnswer } from '../../groups/membership.js';
import { array, bytes, type Codec, int16, int32, nullableString, since, string, struct } from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';

/*
 * Request  v0-5 = group_id:STRING generation_id:INT32 member_id:STRING group_instance_id:STRING?(3+)
 *                 protocol_type:STRING?(5+) protocol_name:STRING?(5+) assignments:[member_id:STRING assignment:BYTES]
 * Response v0-5 = throttle_time_ms:INT32(1+) error_code:INT16 protocol_type:STRING?(5+) protocol_name:STRING?(5+)
 *                 assignment:BYTES
 * Flexible from v4. Only the leader's assignments count; the others wait for them.
 */
export interface SyncGroupRequest {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[];
}

export interface SyncGroupResponse extends SyncAnswer {
  readonly throttleTimeMs: number;
}

const request: Codec<SyncGroupRequest> = struct({
  groupId: string,
  generationId: int32,
  memberId: string,
  groupInstanceId: since(3, nullableString, null),
  protocolType: since(5, nullableString, null),
  protocolName: since(5, nullableString, null),
  assignments: array(struct({ memberId: string, assignment: bytes })),
});

const response: Codec<SyncGroupResponse> = struct({
  throttleTimeMs: since(1, int32, 0),
  errorCode: int16,
  protocolType: since(5, nullableString, null),
  protocolName: since(5, nullableString, null),
  assignment: bytes,
});

export const syncGroup: Api<SyncGroupRequest, SyncGroupResponse> = {
  key: 14,
  name: 'SyncGroup',
  minVersion: 0,
  maxVersion: 5,
  flexibleFrom: 4,
  request,
  response,
  coordinated: ({ groupId }) => [groupId],
  async handle({ cluster }, body) {
    const group = cluster.groups.get(body.groupId);
    if (!group) return syncGroup.refuse(body, ErrorCode.UNKNOWN_MEMBER_ID);
    return { throttleTimeMs: 0, ...(await group.sync(body)) };
  },
  refuse: (_, errorCode) => ({
    throttleTimeMs: 0,
    errorCode,
    protocolType: null,
    protocolName: null,
    assignment: Buffer.alloc(0),
  }),
};
