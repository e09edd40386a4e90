import { array, type Codec, int16, int32, since, string, struct } from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';

/*
 * Request  v0-2 =
 *          v3-4 = client_software_name:STRING client_software_version:STRING TAGS
 * Response v0   = error_code:INT16 api_keys:[api_key:INT16 min_version:INT16 max_version:INT16]
 *          v1-2 = … throttle_time_ms:INT32
 *          v3-4 = the same, flexible; its header stays the old one, so that any client can read it
 * A request in a version that is not known gets version 0 with error 35 and the list, and the client comes again.
 */
export interface ApiVersionsRequest {
  readonly clientSoftwareName: string;
  readonly clientSoftwareVersion: string;
}

export interface ApiVersionsResponse {
  readonly errorCode: number;
  readonly apiKeys: readonly { readonly apiKey: number; readonly minVersion: number; readonly maxVersion: number }[];
  readonly throttleTimeMs: number;
}

const request: Codec<ApiVersionsRequest> = struct({
  clientSoftwareName: since(3, string, ''),
  clientSoftwareVersion: since(3, string, ''),
});

const response: Codec<ApiVersionsResponse> = struct({
  errorCode: int16,
  apiKeys: array(struct({ apiKey: int16, minVersion: int16, maxVersion: int16 })),
  throttleTimeMs: since(1, int32, 0),
});

export const apiVersions: Api<ApiVersionsRequest, ApiVersionsResponse> = {
  key: 18,
  name: 'ApiVersions',
  minVersion: 0,
  maxVersion: 4,
  flexibleFrom: 3,
  request,
  response,
  handle: ({ cluster }) => ({ errorCode: ErrorCode.NONE, apiKeys: cluster.advertisedApis, throttleTimeMs: 0 }),
  refuse: (_, errorCode) => ({ errorCode, apiKeys: [], throttleTimeMs: 0 }),
};
