import { array, type Codec, int16, int32, since, string, struct } from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';

/*
 * Request  v0-5 = states_filter:[STRING](4+) types_filter:[STRING](5+)
 * Response v0-5 = throttle_time_ms:INT32(1+) error_code:INT16
 *                 groups:[group_id:STRING protocol_type:STRING group_state:STRING(4+) group_type:STRING(5+)]
 * Flexible from v3. A node lists the groups that it coordinates.
 */
export interface ListGroupsRequest {
  readonly statesFilter: readonly string[];
  readonly typesFilter: readonly string[];
}

interface ListedGroup {
  readonly groupId: string;
  readonly protocolType: string;
  readonly groupState: string;
  readonly groupType: string;
}

export interface ListGroupsResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly groups: readonly ListedGroup[];
}

const GROUP_TYPE = 'classic';

const request: Codec<ListGroupsRequest> = struct({
  statesFilter: since(4, array(string), []),
  typesFilter: since(5, array(string), []),
});

const response: Codec<ListGroupsResponse> = struct({
  throttleTimeMs: since(1, int32, 0),
  errorCode: int16,
  groups: array(
    struct<ListedGroup>({
      groupId: string,
      protocolType: string,
      groupState: since(4, string, ''),
      groupType: since(5, string, ''),
    }),
  ),
});

function passes(filter: readonly string[], value: string): boolean {
  return filter.length === 0 || filter.some((each) => each.toLowerCase() === value.toLowerCase());
}

export const listGroups: Api<ListGroupsRequest, ListGroupsResponse> = {
  key: 16,
  name: 'ListGroups',
  minVersion: 0,
  maxVersion: 5,
  flexibleFrom: 3,
  request,
  response,
  handle: ({ cluster, nodeId }, { statesFilter, typesFilter }) => ({
    throttleTimeMs: 0,
    errorCode: ErrorCode.NONE,
    groups: [...cluster.groups.all()]
      .filter((group) => cluster.coordinatorOf(group.id) === nodeId)
      .filter((group) => passes(statesFilter, group.state) && passes(typesFilter, GROUP_TYPE))
      .map((group) => ({
        groupId: group.id,
        protocolType: group.protocolType,
        groupState: group.state,
        groupType: GROUP_TYPE,
      })),
  }),
  refuse: (_, errorCode) => ({ throttleTimeMs: 0, errorCode, groups: [] }),
};
