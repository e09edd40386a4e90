import {
  array,
  between,
  type Codec,
  int8,
  int16,
  int32,
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
 * Request  v0-3 = key:STRING key_type:INT8(1+)
 *          v4-5 = key_type:INT8 coordinator_keys:[STRING]
 * Response v0-3 = throttle_time_ms:INT32(1+) error_code:INT16 error_message:STRING?(1+) node_id:INT32 host:STRING port:INT32
 *          v4-5 = throttle_time_ms:INT32 coordinators:[key:STRING node_id:INT32 host:STRING port:INT32
 *                   error_code:INT16 error_message:STRING?]
 * Flexible from v3. Key types: 0 group, 1 transactional id.
 */
export interface FindCoordinatorRequest {
  readonly key: string;
  readonly keyType: number;
  readonly coordinatorKeys: readonly string[];
}

interface Coordinator {
  readonly key: string;
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

export interface FindCoordinatorResponse extends Omit<Coordinator, 'key'> {
  readonly throttleTimeMs: number;
  readonly coordinators: readonly Coordinator[];
}

const request: Codec<FindCoordinatorRequest> = struct({
  key: until(3, string, ''),
  keyType: since(1, int8, 0),
  coordinatorKeys: since(4, array(string), []),
});

const response: Codec<FindCoordinatorResponse> = struct({
  throttleTimeMs: since(1, int32, 0),
  errorCode: until(3, int16, 0),
  errorMessage: between(1, 3, nullableString, null),
  nodeId: until(3, int32, -1),
  host: until(3, string, ''),
  port: until(3, int32, -1),
  coordinators: since(
    4,
    array(
      struct<Coordinator>({
        key: string,
        nodeId: int32,
        host: string,
        port: int32,
        errorCode: int16,
        errorMessage: nullableString,
      }),
    ),
    [],
  ),
});

const MAX_KEY_TYPE = 1;

function failed(key: string, errorCode: number): Coordinator {
  return { key, nodeId: -1, host: '', port: -1, errorCode, errorMessage: null };
}

function locate({ cluster }: RequestContext, key: string, keyType: number): Coordinator {
  if (keyType < 0 || keyType > MAX_KEY_TYPE) return failed(key, ErrorCode.INVALID_REQUEST);
  const nodeId = cluster.coordinatorOf(key);
  const address = cluster.addresses().find((each) => each.nodeId === nodeId);
  if (!address) return failed(key, ErrorCode.COORDINATOR_NOT_AVAILABLE);
  return { key, nodeId, host: address.host, port: address.port, errorCode: ErrorCode.NONE, errorMessage: null };
}

function answer(coordinators: readonly Coordinator[]): FindCoordinatorResponse {
  const { key: _, ...first } = coordinators[0] ?? failed('', ErrorCode.NONE);
  return { throttleTimeMs: 0, ...first, coordinators };
}

function keysOf({ key, coordinatorKeys }: FindCoordinatorRequest, apiVersion: number): readonly string[] {
  return apiVersion >= 4 ? coordinatorKeys : [key];
}

export const findCoordinator: Api<FindCoordinatorRequest, FindCoordinatorResponse> = {
  key: 10,
  name: 'FindCoordinator',
  minVersion: 0,
  maxVersion: 5,
  flexibleFrom: 3,
  request,
  response,
  handle: (context, body) => answer(keysOf(body, context.apiVersion).map((key) => locate(context, key, body.keyType))),
  refuse: (body, errorCode) =>
    answer((body.coordinatorKeys.length > 0 ? body.coordinatorKeys : [body.key]).map((key) => failed(key, errorCode))),
};
