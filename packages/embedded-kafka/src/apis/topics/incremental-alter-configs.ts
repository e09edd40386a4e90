import { topicConfigDefinitions } from '../../cluster/topic-configs.js';
import { array, boolean, type Codec, int8, nullableString, string, struct } from '../../wire/codec.js';
import type { Api } from '../api.js';
import { type AlterConfigsResponse, alterConfigsResponse, refuseConfigs } from './alter-configs.js';
import { type ConfigChange, changeConfigs } from './config-change.js';

/*
 * Request  v0-1 = resources:[resource_type:INT8 resource_name:STRING
 *                   configs:[name:STRING config_operation:INT8 value:STRING?]] validate_only:BOOL
 * Response v0-1 = as AlterConfigs
 * Flexible from v1. Operations: 0 set, 1 delete, 2 append to a list, 3 take from a list.
 */
interface ConfigOperation {
  readonly name: string;
  readonly configOperation: number;
  readonly value: string | null;
}

interface AlteredResource {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly configs: readonly ConfigOperation[];
}

export interface IncrementalAlterConfigsRequest {
  readonly resources: readonly AlteredResource[];
  readonly validateOnly: boolean;
}

const DELETE = 1;
const APPEND = 2;
const SUBTRACT = 3;

const request: Codec<IncrementalAlterConfigsRequest> = struct({
  resources: array(
    struct<AlteredResource>({
      resourceType: int8,
      resourceName: string,
      configs: array(struct<ConfigOperation>({ name: string, configOperation: int8, value: nullableString })),
    }),
  ),
  validateOnly: boolean,
});

function listOf(text: string): readonly string[] {
  return text.split(',').filter((each) => each !== '');
}

function apply(configs: Map<string, string | null>, { name, configOperation, value }: ConfigOperation): void {
  const standard = Object.hasOwn(topicConfigDefinitions, name) ? topicConfigDefinitions[name]!.standard : '';
  const current = listOf(configs.get(name) ?? standard);
  if (configOperation === DELETE) configs.delete(name);
  else if (configOperation === APPEND) configs.set(name, [...new Set([...current, ...listOf(value ?? '')])].join(','));
  else if (configOperation === SUBTRACT) {
    configs.set(name, current.filter((each) => !listOf(value ?? '').includes(each)).join(','));
  } else configs.set(name, value);
}

function operations({ configs }: AlteredResource): ConfigChange {
  return (before) => {
    const after = new Map<string, string | null>(before);
    for (const operation of configs) apply(after, operation);
    return after;
  };
}

export const incrementalAlterConfigs: Api<IncrementalAlterConfigsRequest, AlterConfigsResponse> = {
  key: 44,
  name: 'IncrementalAlterConfigs',
  minVersion: 0,
  maxVersion: 1,
  flexibleFrom: 1,
  request,
  response: alterConfigsResponse,
  handle: ({ cluster }, { resources, validateOnly }) => ({
    throttleTimeMs: 0,
    responses: resources.map((resource) => ({
      ...changeConfigs(cluster, resource, operations(resource), validateOnly),
      resourceType: resource.resourceType,
      resourceName: resource.resourceName,
    })),
  }),
  refuse: ({ resources }, errorCode) => refuseConfigs(resources, errorCode),
};
