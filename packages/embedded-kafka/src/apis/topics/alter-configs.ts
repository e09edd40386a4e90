import { array, boolean, type Codec, int8, int16, int32, nullableString, string, struct } from '../../wire/codec.js';
import type { Api } from '../api.js';
import { type ConfigChange, changeConfigs } from './config-change.js';

/*
 * Request  v0-2 = resources:[resource_type:INT8 resource_name:STRING configs:[name:STRING value:STRING?]] validate_only:BOOL
 * Response v0-2 = throttle_time_ms:INT32 responses:[error_code:INT16 error_message:STRING? resource_type:INT8
 *                   resource_name:STRING]
 * Flexible from v2. What is not named goes back to its standard.
 */
interface AlteredResource {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
}

export interface AlterConfigsRequest {
  readonly resources: readonly AlteredResource[];
  readonly validateOnly: boolean;
}

interface AlteredResult {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly resourceType: number;
  readonly resourceName: string;
}

export interface AlterConfigsResponse {
  readonly throttleTimeMs: number;
  readonly responses: readonly AlteredResult[];
}

const request: Codec<AlterConfigsRequest> = struct({
  resources: array(
    struct<AlteredResource>({
      resourceType: int8,
      resourceName: string,
      configs: array(struct({ name: string, value: nullableString })),
    }),
  ),
  validateOnly: boolean,
});

/** Shared with IncrementalAlterConfigs. */
export const alterConfigsResponse: Codec<AlterConfigsResponse> = struct({
  throttleTimeMs: int32,
  responses: array(
    struct<AlteredResult>({
      errorCode: int16,
      errorMessage: nullableString,
      resourceType: int8,
      resourceName: string,
    }),
  ),
});

/** Refuses the change of all resources; shared with IncrementalAlterConfigs. */
export function refuseConfigs(
  resources: readonly Pick<AlteredResource, 'resourceType' | 'resourceName'>[],
  errorCode: number,
): AlterConfigsResponse {
  return {
    throttleTimeMs: 0,
    responses: resources.map(({ resourceType, resourceName }) => ({
      errorCode,
      errorMessage: null,
      resourceType,
      resourceName,
    })),
  };
}

function replacement({ configs }: AlteredResource): ConfigChange {
  return () => new Map(configs.map(({ name, value }) => [name, value]));
}

export const alterConfigs: Api<AlterConfigsRequest, AlterConfigsResponse> = {
  key: 33,
  name: 'AlterConfigs',
  minVersion: 0,
  maxVersion: 2,
  flexibleFrom: 2,
  request,
  response: alterConfigsResponse,
  handle: ({ cluster }, { resources, validateOnly }) => ({
    throttleTimeMs: 0,
    responses: resources.map((resource) => ({
      ...changeConfigs(cluster, resource, replacement(resource), validateOnly),
      resourceType: resource.resourceType,
      resourceName: resource.resourceName,
    })),
  }),
  refuse: ({ resources }, errorCode) => refuseConfigs(resources, errorCode),
};
