import { ConfigSource, type DescribedConfig, describeTopicConfigs } from '../../cluster/described-configs.js';
import {
  array,
  boolean,
  type Codec,
  int8,
  int16,
  int32,
  nullableArray,
  nullableString,
  since,
  string,
  struct,
} from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';
import type { RequestContext } from '../request-context.js';
import { ResourceType } from './resource-type.js';

/*
 * Request  v1-4 = resources:[resource_type:INT8 resource_name:STRING configuration_keys:[STRING]?]
 *                 include_synonyms:BOOL include_documentation:BOOL(3+)
 * Response v1-4 = throttle_time_ms:INT32 results:[error_code:INT16 error_message:STRING? resource_type:INT8
 *                   resource_name:STRING configs:[name:STRING value:STRING? read_only:BOOL config_source:INT8
 *                     is_sensitive:BOOL synonyms:[name:STRING value:STRING? source:INT8] config_type:INT8(3+)
 *                     documentation:STRING?(3+)]]
 * Flexible from v4. Null keys ask for all settings. Resource types: 2 topic, 4 broker.
 */
interface AskedResource {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly configurationKeys: readonly string[] | null;
}

export interface DescribeConfigsRequest {
  readonly resources: readonly AskedResource[];
  readonly includeSynonyms: boolean;
  readonly includeDocumentation: boolean;
}

interface Synonym {
  readonly name: string;
  readonly value: string | null;
  readonly source: number;
}

interface ConfigEntry extends DescribedConfig {
  readonly synonyms: readonly Synonym[];
  readonly documentation: string | null;
}

interface ResourceResult {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly resourceType: number;
  readonly resourceName: string;
  readonly configs: readonly ConfigEntry[];
}

export interface DescribeConfigsResponse {
  readonly throttleTimeMs: number;
  readonly results: readonly ResourceResult[];
}

const request: Codec<DescribeConfigsRequest> = struct({
  resources: array(
    struct<AskedResource>({ resourceType: int8, resourceName: string, configurationKeys: nullableArray(string) }),
  ),
  includeSynonyms: boolean,
  includeDocumentation: since(3, boolean, false),
});

const response: Codec<DescribeConfigsResponse> = struct({
  throttleTimeMs: int32,
  results: array(
    struct<ResourceResult>({
      errorCode: int16,
      errorMessage: nullableString,
      resourceType: int8,
      resourceName: string,
      configs: array(
        struct<ConfigEntry>({
          name: string,
          value: string,
          readOnly: boolean,
          configSource: int8,
          isSensitive: boolean,
          synonyms: array(struct<Synonym>({ name: string, value: nullableString, source: int8 })),
          configType: since(3, int8, 0),
          documentation: since(3, nullableString, null),
        }),
      ),
    }),
  ),
});

function failed(resource: AskedResource, errorCode: number, errorMessage: string | null): ResourceResult {
  const { resourceType, resourceName } = resource;
  return { errorCode, errorMessage, resourceType, resourceName, configs: [] };
}

function synonymsOf(config: DescribedConfig): readonly Synonym[] {
  return [{ name: config.name, value: config.value, source: config.configSource }];
}

function describe(context: RequestContext, resource: AskedResource, includeSynonyms: boolean): ResourceResult {
  const { cluster } = context;
  let configs: readonly DescribedConfig[];
  if (resource.resourceType === ResourceType.TOPIC) {
    const topic = cluster.topics.get(resource.resourceName);
    if (!topic) return failed(resource, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, null);
    configs = describeTopicConfigs(topic.configs);
  } else if (resource.resourceType === ResourceType.BROKER) {
    configs = cluster.brokerConfigs().map(([name, value, configType]) => ({
      name,
      value,
      readOnly: true,
      configSource: ConfigSource.STATIC_BROKER,
      isSensitive: false,
      configType,
    }));
  } else {
    return failed(resource, ErrorCode.INVALID_REQUEST, `Unsupported resource type: ${resource.resourceType}`);
  }
  const wanted = resource.configurationKeys;
  return {
    ...failed(resource, ErrorCode.NONE, ''),
    configs: configs
      .filter(({ name }) => wanted === null || wanted.length === 0 || wanted.includes(name))
      .map((config) => ({ ...config, synonyms: includeSynonyms ? synonymsOf(config) : [], documentation: null })),
  };
}

export const describeConfigs: Api<DescribeConfigsRequest, DescribeConfigsResponse> = {
  key: 32,
  name: 'DescribeConfigs',
  minVersion: 1,
  maxVersion: 4,
  flexibleFrom: 4,
  request,
  response,
  handle: (context, { resources, includeSynonyms }) => ({
    throttleTimeMs: 0,
    results: resources.map((resource) => describe(context, resource, includeSynonyms)),
  }),
  refuse: ({ resources }, errorCode) => ({
    throttleTimeMs: 0,
    results: resources.map((resource) => failed(resource, errorCode, null)),
  }),
};
