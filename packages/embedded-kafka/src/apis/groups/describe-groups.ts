import type { Group } from '../../groups/group.js';
import type { Member } from '../../groups/member.js';
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
import { OPERATIONS_NOT_ASKED } from '../authorized-operations.js';

/*
 * Request  v0-5 = groups:[STRING] include_authorized_operations:BOOL(3+)
 * Response v0-5 = throttle_time_ms:INT32(1+) groups:[error_code:INT16 group_id:STRING group_state:STRING
 *                   protocol_type:STRING protocol_data:STRING
 *                   members:[member_id:STRING group_instance_id:STRING?(4+) client_id:STRING client_host:STRING
 *                     member_metadata:BYTES member_assignment:BYTES]
 *                   authorized_operations:INT32(3+)]
 * Flexible from v5. A group that does not exist is "Dead", without an error.
 */
export interface DescribeGroupsRequest {
  readonly groups: readonly string[];
  readonly includeAuthorizedOperations: boolean;
}

interface DescribedMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly memberMetadata: Buffer;
  readonly memberAssignment: Buffer;
}

interface DescribedGroup {
  readonly errorCode: number;
  readonly groupId: string;
  readonly groupState: string;
  readonly protocolType: string;
  readonly protocolData: string;
  readonly members: readonly DescribedMember[];
  readonly authorizedOperations: number;
}

export interface DescribeGroupsResponse {
  readonly throttleTimeMs: number;
  readonly groups: readonly DescribedGroup[];
}

const request: Codec<DescribeGroupsRequest> = struct({
  groups: array(string),
  includeAuthorizedOperations: since(3, boolean, false),
});

const response: Codec<DescribeGroupsResponse> = struct({
  throttleTimeMs: since(1, int32, 0),
  groups: array(
    struct<DescribedGroup>({
      errorCode: int16,
      groupId: string,
      groupState: string,
      protocolType: string,
      protocolData: string,
      members: array(
        struct<DescribedMember>({
          memberId: string,
          groupInstanceId: since(4, nullableString, null),
          clientId: string,
          clientHost: string,
          memberMetadata: bytes,
          memberAssignment: bytes,
        }),
      ),
      authorizedOperations: since(3, int32, OPERATIONS_NOT_ASKED),
    }),
  ),
});

function withoutGroup(groupId: string, errorCode: number, groupState: string): DescribedGroup {
  return {
    errorCode,
    groupId,
    groupState,
    protocolType: '',
    protocolData: '',
    members: [],
    authorizedOperations: OPERATIONS_NOT_ASKED,
  };
}

function describeMember(group: Group, member: Member): DescribedMember {
  const isSettled = group.state === 'Stable';
  return {
    memberId: member.id,
    groupInstanceId: member.groupInstanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    memberMetadata: (isSettled ? member.metadata(group.protocolName) : undefined) ?? Buffer.alloc(0),
    memberAssignment: isSettled ? member.assignment : Buffer.alloc(0),
  };
}

export const describeGroups: Api<DescribeGroupsRequest, DescribeGroupsResponse> = {
  key: 15,
  name: 'DescribeGroups',
  minVersion: 0,
  maxVersion: 5,
  flexibleFrom: 5,
  request,
  response,
  coordinated: ({ groups }) => groups,
  handle: ({ cluster }, { groups }) => ({
    throttleTimeMs: 0,
    groups: groups.map((groupId) => {
      const group = cluster.groups.get(groupId);
      if (!group) return withoutGroup(groupId, ErrorCode.NONE, 'Dead');
      return {
        ...withoutGroup(groupId, ErrorCode.NONE, group.state),
        protocolType: group.protocolType,
        protocolData: group.state === 'Stable' ? (group.protocolName ?? '') : '',
        members: [...group.members].map((member) => describeMember(group, member)),
      };
    }),
  }),
  refuse: ({ groups }, errorCode) => ({
    throttleTimeMs: 0,
    groups: groups.map((groupId) => withoutGroup(groupId, errorCode, '')),
  }),
};
