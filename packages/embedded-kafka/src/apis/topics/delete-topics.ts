import type { Topic } from '../../cluster/topic.js';
import {
  array,
  type Codec,
  int16,
  int32,
  NO_UUID,
  nullableString,
  since,
  string,
  struct,
  until,
  uuid,
} from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';
import type { RequestContext } from '../request-context.js';

/*
 * Request  v1-5 = topic_names:[STRING] timeout_ms:INT32
 *          v6   = topics:[name:STRING? topic_id:UUID] timeout_ms:INT32
 * Response v1-6 = throttle_time_ms:INT32 responses:[name:STRING(null from 6) topic_id:UUID(6+) error_code:INT16
 *                   error_message:STRING?(5+)]
 * Flexible from v4.
 */
interface TopicRef {
  readonly name: string | null;
  readonly topicId: string;
}

export interface DeleteTopicsRequest {
  readonly topics: readonly TopicRef[];
  readonly topicNames: readonly string[];
  readonly timeoutMs: number;
}

interface DeletedTopic extends TopicRef {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

export interface DeleteTopicsResponse {
  readonly throttleTimeMs: number;
  readonly responses: readonly DeletedTopic[];
}

const request: Codec<DeleteTopicsRequest> = struct({
  topics: since(6, array(struct<TopicRef>({ name: nullableString, topicId: uuid })), []),
  topicNames: until(5, array(string), []),
  timeoutMs: int32,
});

const response: Codec<DeleteTopicsResponse> = struct({
  throttleTimeMs: int32,
  responses: array(
    struct<DeletedTopic>({
      name: nullableString,
      topicId: since(6, uuid, NO_UUID),
      errorCode: int16,
      errorMessage: since(5, nullableString, null),
    }),
  ),
});

function refs({ topics, topicNames }: DeleteTopicsRequest): readonly TopicRef[] {
  return topics.length > 0 ? topics : topicNames.map((name) => ({ name, topicId: NO_UUID }));
}

function remove({ cluster }: RequestContext, ref: TopicRef): DeletedTopic {
  const topic: Topic | undefined = ref.name === null ? cluster.topics.byId(ref.topicId) : cluster.topics.get(ref.name);
  if (!topic) {
    const errorCode = ref.name === null ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    const errorMessage =
      ref.name === null
        ? 'This server does not host this topic ID.'
        : 'This server does not host this topic-partition.';
    return { ...ref, errorCode, errorMessage };
  }
  cluster.deleteTopic(topic);
  return { name: topic.name, topicId: topic.id, errorCode: ErrorCode.NONE, errorMessage: null };
}

export const deleteTopics: Api<DeleteTopicsRequest, DeleteTopicsResponse> = {
  key: 20,
  name: 'DeleteTopics',
  minVersion: 1,
  maxVersion: 6,
  flexibleFrom: 4,
  request,
  response,
  handle: (context, body) => ({ throttleTimeMs: 0, responses: refs(body).map((ref) => remove(context, ref)) }),
  refuse: (body, errorCode) => ({
    throttleTimeMs: 0,
    responses: refs(body).map((ref) => ({ ...ref, errorCode, errorMessage: null })),
  }),
};
