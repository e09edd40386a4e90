import type { JoinAnswer } from '../../groups/membership.js';
import { joinRefusal } from '../../groups/refusals.js';
import {
  array,
  boolean,
  bytes,
  type Codec,
  int16,
  int32,
  nullableString,
  since,
  string,
  struct,
} from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';

/*
 * Request  v0-9 = group_id:STRING session_timeout_ms:INT32 rebalance_timeout_ms:INT32(1+) member_id:STRING
 *                 group_instance_id:STRING?(5+) protocol_type:STRING protocols:[name:STRING metadata:BYTES]
 *                 reason:STRING?(8+)
 * Response v0-9 = throttle_time_ms:INT32(2+) error_code:INT16 generation_id:INT32 protocol_type:STRING?(7+)
 *                 protocol_name:STRING(null from 7) leader:STRING skip_assignment:BOOL(9+) member_id:STRING
 *                 members:[member_id:STRING group_instance_id:STRING?(5+) metadata:BYTES]
 * Flexible from v6. From v4 a member without an id is given one with error 79 and joins again.
 */
export interface JoinGroupRequest {
  readonly groupId: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly protocolType: string;
  readonly protocols: readonly { readonly name: string; readonly metadata: Buffer }[];
  readonly reason: string | null;
}

export interface JoinGroupResponse extends JoinAnswer {
  readonly throttleTimeMs: number;
}

const FIRST_VERSION_WITH_REQUIRED_ID = 4;
const FIRST_VERSION_WITH_NULL_PROTOCOL = 7;

const request: Codec<JoinGroupRequest> = struct({
  groupId: string,
  sessionTimeoutMs: int32,
  rebalanceTimeoutMs: since(1, int32, -1),
  memberId: string,
  groupInstanceId: since(5, nullableString, null),
  protocolType: string,
  protocols: array(struct({ name: string, metadata: bytes })),
  reason: since(8, nullableString, null),
});

const protocolName: Codec<string | null> = {
  read: nullableString.read,
  write: (writer, value, version) =>
    writer.nullableString(version >= FIRST_VERSION_WITH_NULL_PROTOCOL ? value : (value ?? '')),
};

const response: Codec<JoinGroupResponse> = struct({
  throttleTimeMs: since(2, int32, 0),
  errorCode: int16,
  generationId: int32,
  protocolType: since(7, nullableString, null),
  protocolName,
  leader: string,
  skipAssignment: since(9, boolean, false),
  memberId: string,
  members: array(struct({ memberId: string, groupInstanceId: since(5, nullableString, null), metadata: bytes })),
});

export const joinGroup: Api<JoinGroupRequest, JoinGroupResponse> = {
  key: 11,
  name: 'JoinGroup',
  minVersion: 0,
  maxVersion: 9,
  flexibleFrom: 6,
  request,
  response,
  coordinated: ({ groupId }) => [groupId],
  async handle({ cluster, apiVersion, clientId, clientHost }, body) {
    const { groupId, memberId, sessionTimeoutMs } = body;
    if (groupId === '') return joinGroup.refuse(body, ErrorCode.INVALID_GROUP_ID);
    if (sessionTimeoutMs < cluster.minSessionTimeoutMs || sessionTimeoutMs > cluster.maxSessionTimeoutMs) {
      return joinGroup.refuse(body, ErrorCode.INVALID_SESSION_TIMEOUT);
    }
    const group = memberId === '' ? cluster.groups.open(groupId) : cluster.groups.get(groupId);
    if (!group) {
      return joinGroup.refuse(body, memberId === '' ? ErrorCode.GROUP_MAX_SIZE_REACHED : ErrorCode.UNKNOWN_MEMBER_ID);
    }
    const answer = await group.join({
      ...body,
      clientId,
      clientHost,
      rebalanceTimeoutMs: body.rebalanceTimeoutMs < 0 ? sessionTimeoutMs : body.rebalanceTimeoutMs,
      requiresKnownMemberId: apiVersion >= FIRST_VERSION_WITH_REQUIRED_ID,
    });
    return { throttleTimeMs: 0, ...answer };
  },
  refuse: ({ memberId }, errorCode) => ({ throttleTimeMs: 0, ...joinRefusal(memberId, errorCode) }),
};
