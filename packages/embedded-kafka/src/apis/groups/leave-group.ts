import { array, type Codec, int16, int32, nullableString, since, string, struct, until } from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';

/*
 * Request  v0-2 = group_id:STRING member_id:STRING
 *          v3-5 = group_id:STRING members:[member_id:STRING group_instance_id:STRING? reason:STRING?(5+)]
 * Response v0-5 = throttle_time_ms:INT32(1+) error_code:INT16
 *                 members:[member_id:STRING group_instance_id:STRING? error_code:INT16](3+)
 * Flexible from v4.
 */
interface LeavingMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly reason: string | null;
}

export interface LeaveGroupRequest {
  readonly groupId: string;
  readonly memberId: string;
  readonly members: readonly LeavingMember[];
}

interface LeftMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly errorCode: number;
}

export interface LeaveGroupResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly members: readonly LeftMember[];
}

const FIRST_VERSION_WITH_MEMBERS = 3;

const request: Codec<LeaveGroupRequest> = struct({
  groupId: string,
  memberId: until(2, string, ''),
  members: since(
    FIRST_VERSION_WITH_MEMBERS,
    array(
      struct<LeavingMember>({
        memberId: string,
        groupInstanceId: nullableString,
        reason: since(5, nullableString, null),
      }),
    ),
    [],
  ),
});

const response: Codec<LeaveGroupResponse> = struct({
  throttleTimeMs: since(1, int32, 0),
  errorCode: int16,
  members: since(
    FIRST_VERSION_WITH_MEMBERS,
    array(struct<LeftMember>({ memberId: string, groupInstanceId: nullableString, errorCode: int16 })),
    [],
  ),
});

export const leaveGroup: Api<LeaveGroupRequest, LeaveGroupResponse> = {
  key: 13,
  name: 'LeaveGroup',
  minVersion: 0,
  maxVersion: 5,
  flexibleFrom: 4,
  request,
  response,
  coordinated: ({ groupId }) => [groupId],
  handle({ cluster, apiVersion }, { groupId, memberId, members }) {
    const group = cluster.groups.get(groupId);
    const leaving = apiVersion >= FIRST_VERSION_WITH_MEMBERS ? members : [{ memberId, groupInstanceId: null }];
    const left = leaving.map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      errorCode: group?.leave(member) ?? ErrorCode.UNKNOWN_MEMBER_ID,
    }));
    const errorCode = apiVersion >= FIRST_VERSION_WITH_MEMBERS ? ErrorCode.NONE : left[0]!.errorCode;
    return { throttleTimeMs: 0, errorCode, members: left };
  },
  refuse: (_, errorCode) => ({ throttleTimeMs: 0, errorCode, members: [] }),
};
