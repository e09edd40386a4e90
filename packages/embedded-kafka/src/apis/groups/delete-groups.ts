import { array, type Codec, int16, int32, string, struct } from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';
import type { RequestContext } from '../request-context.js';

/*
 * Request  v0-2 = groups_names:[STRING]
 * Response v0-2 = throttle_time_ms:INT32 results:[group_id:STRING error_code:INT16]
 * Flexible from v2.
 */
export interface DeleteGroupsRequest {
  readonly groupsNames: readonly string[];
}

export interface DeleteGroupsResponse {
  readonly throttleTimeMs: number;
  readonly results: readonly { readonly groupId: string; readonly errorCode: number }[];
}

const request: Codec<DeleteGroupsRequest> = struct({ groupsNames: array(string) });

const response: Codec<DeleteGroupsResponse> = struct({
  throttleTimeMs: int32,
  results: array(struct({ groupId: string, errorCode: int16 })),
});

function deleteGroup({ cluster }: RequestContext, groupId: string): number {
  if (groupId === '') return ErrorCode.INVALID_GROUP_ID;
  const group = cluster.groups.get(groupId);
  if (!group) return ErrorCode.GROUP_ID_NOT_FOUND;
  if (!group.isEmpty) return ErrorCode.NON_EMPTY_GROUP;
  cluster.groups.delete(group);
  cluster.metadataChanged();
  return ErrorCode.NONE;
}

export const deleteGroups: Api<DeleteGroupsRequest, DeleteGroupsResponse> = {
  key: 42,
  name: 'DeleteGroups',
  minVersion: 0,
  maxVersion: 2,
  flexibleFrom: 2,
  request,
  response,
  coordinated: ({ groupsNames }) => groupsNames,
  handle: (context, { groupsNames }) => ({
    throttleTimeMs: 0,
    results: groupsNames.map((groupId) => ({ groupId, errorCode: deleteGroup(context, groupId) })),
  }),
  refuse: ({ groupsNames }, errorCode) => ({
    throttleTimeMs: 0,
    results: groupsNames.map((groupId) => ({ groupId, errorCode })),
  }),
};
