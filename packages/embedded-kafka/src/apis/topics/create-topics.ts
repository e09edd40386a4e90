import { describeTopicConfigs } from '../../cluster/described-configs.js';
import type { Topic } from '../../cluster/topic.js';
import type { NewTopic } from '../../cluster/topics.js';
import {
  array,
  boolean,
  type Codec,
  int8,
  int16,
  int32,
  NO_UUID,
  nullableArray,
  nullableString,
  since,
  string,
  struct,
  uuid,
} from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';
import type { RequestContext } from '../request-context.js';

/*
 * Request  v2-7 = topics:[name:STRING num_partitions:INT32 replication_factor:INT16
 *                   assignments:[partition_index:INT32 broker_ids:[INT32]] configs:[name:STRING value:STRING?]]
 *                 timeout_ms:INT32 validate_only:BOOL
 * Response v2-7 = throttle_time_ms:INT32 topics:[name:STRING topic_id:UUID(7+) error_code:INT16 error_message:STRING?
 *                   num_partitions:INT32(5+) replication_factor:INT16(5+)
 *                   configs:[name:STRING value:STRING? read_only:BOOL config_source:INT8 is_sensitive:BOOL]?(5+)]
 * Flexible from v5.
 */
interface CreatableTopic {
  readonly name: string;
  readonly numPartitions: number;
  readonly replicationFactor: number;
  readonly assignments: readonly { readonly partitionIndex: number; readonly brokerIds: readonly number[] }[];
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
}

export interface CreateTopicsRequest {
  readonly topics: readonly CreatableTopic[];
  readonly timeoutMs: number;
  readonly validateOnly: boolean;
}

interface CreatedConfig {
  readonly name: string;
  readonly value: string | null;
  readonly readOnly: boolean;
  readonly configSource: number;
  readonly isSensitive: boolean;
}

interface CreatedTopic {
  readonly name: string;
  readonly topicId: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly numPartitions: number;
  readonly replicationFactor: number;
  readonly configs: readonly CreatedConfig[] | null;
}

export interface CreateTopicsResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly CreatedTopic[];
}

const request: Codec<CreateTopicsRequest> = struct({
  topics: array(
    struct<CreatableTopic>({
      name: string,
      numPartitions: int32,
      replicationFactor: int16,
      assignments: array(struct({ partitionIndex: int32, brokerIds: array(int32) })),
      configs: array(struct({ name: string, value: nullableString })),
    }),
  ),
  timeoutMs: int32,
  validateOnly: boolean,
});

const response: Codec<CreateTopicsResponse> = struct({
  throttleTimeMs: int32,
  topics: array(
    struct<CreatedTopic>({
      name: string,
      topicId: since(7, uuid, NO_UUID),
      errorCode: int16,
      errorMessage: nullableString,
      numPartitions: since(5, int32, -1),
      replicationFactor: since(5, int16, -1),
      configs: since(
        5,
        nullableArray(
          struct<CreatedConfig>({
            name: string,
            value: nullableString,
            readOnly: boolean,
            configSource: int8,
            isSensitive: boolean,
          }),
        ),
        null,
      ),
    }),
  ),
});

function failed(name: string, errorCode: number, errorMessage: string | null): CreatedTopic {
  return { name, topicId: NO_UUID, errorCode, errorMessage, numPartitions: -1, replicationFactor: -1, configs: [] };
}

function described(topic: Topic): CreatedTopic {
  return {
    ...failed(topic.name, ErrorCode.NONE, null),
    topicId: topic.id,
    numPartitions: topic.partitions.length,
    replicationFactor: topic.partitions[0]!.replicas.length,
    configs: describeTopicConfigs(topic.configs),
  };
}

function create({ cluster }: RequestContext, asked: CreatableTopic, validateOnly: boolean): CreatedTopic {
  const assigned = new Map(asked.assignments.map(({ partitionIndex, brokerIds }) => [partitionIndex, brokerIds]));
  const topic: NewTopic = {
    name: asked.name,
    partitions: asked.numPartitions,
    replicationFactor: asked.replicationFactor,
    configs: new Map(asked.configs.map(({ name, value }) => [name, value])),
    ...(assigned.size > 0 ? { assignments: assigned } : {}),
  };
  if (validateOnly) {
    const problem = cluster.topics.check(topic);
    return failed(asked.name, problem?.errorCode ?? ErrorCode.NONE, problem?.message ?? null);
  }
  const created = cluster.topics.create(topic);
  return 'errorCode' in created ? failed(asked.name, created.errorCode, created.message) : described(created);
}

export const createTopics: Api<CreateTopicsRequest, CreateTopicsResponse> = {
  key: 19,
  name: 'CreateTopics',
  minVersion: 2,
  maxVersion: 7,
  flexibleFrom: 5,
  request,
  response,
  handle(context, { topics, validateOnly }) {
    const timesNamed = new Map<string, number>();
    for (const { name } of topics) timesNamed.set(name, (timesNamed.get(name) ?? 0) + 1);
    const created = [...new Map(topics.map((topic) => [topic.name, topic])).values()].map((topic) =>
      timesNamed.get(topic.name)! > 1
        ? failed(topic.name, ErrorCode.INVALID_REQUEST, 'Duplicate topic name.')
        : create(context, topic, validateOnly),
    );
    return { throttleTimeMs: 0, topics: created };
  },
  refuse: ({ topics }, errorCode) => ({
    throttleTimeMs: 0,
    topics: topics.map(({ name }) => failed(name, errorCode, null)),
  }),
};
