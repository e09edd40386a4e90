import { type Codec, int16, int32, nullableString, since, string, struct } from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';

/*
 * Request  v0-4 = group_id:STRING generation_id:INT32 member_id:STRING group_instance_id:STRING?(3+)
 * Response v0-4 = throttle_time_ms:INT32(1+) error_code:INT16
 * Flexible from v4.
 */
export interface HeartbeatRequest {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
}

export interface HeartbeatResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
}

const request: Codec<HeartbeatRequest> = struct({
  groupId: string,
  generationId: int32,
  memberId: string,
  groupInstanceId: since(3, nullableString, null),
});

const response: Codec<HeartbeatResponse> = struct({ throttleTimeMs: since(1, int32, 0), errorCode: int16 });

export const heartbeat: Api<HeartbeatRequest, HeartbeatResponse> = {
  key: 12,
  name: 'Heartbeat',
  minVersion: 0,
  maxVersion: 4,
  flexibleFrom: 4,
  request,
  response,
  coordinated: ({ groupId }) => [groupId],
  handle: ({ cluster }, body) => ({
    throttleTimeMs: 0,
    errorCode: cluster.groups.get(body.groupId)?.heartbeat(body) ?? ErrorCode.UNKNOWN_MEMBER_ID,
  }),
  refuse: (_, errorCode) => ({ throttleTimeMs: 0, errorCode }),
};
