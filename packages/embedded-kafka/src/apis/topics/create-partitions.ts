import {
  array,
  boolean,
  type Codec,
  int16,
  int32,
  nullableArray,
  nullableString,
  string,
  struct,
} from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';
import type { RequestContext } from '../request-context.js';

/*
 * Request  v0-3 = topics:[name:STRING count:INT32 assignments:[broker_ids:[INT32]]?] timeout_ms:INT32 validate_only:BOOL
 * Response v0-3 = throttle_time_ms:INT32 results:[name:STRING error_code:INT16 error_message:STRING?]
 * Flexible from v2. Assignments are read and left aside: the broker spreads new partitions itself.
 */
interface GrowingTopic {
  readonly name: string;
  readonly count: number;
  readonly assignments: readonly { readonly brokerIds: readonly number[] }[] | null;
}

export interface CreatePartitionsRequest {
  readonly topics: readonly GrowingTopic[];
  readonly timeoutMs: number;
  readonly validateOnly: boolean;
}

interface GrownTopic {
  readonly name: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

export interface CreatePartitionsResponse {
  readonly throttleTimeMs: number;
  readonly results: readonly GrownTopic[];
}

const request: Codec<CreatePartitionsRequest> = struct({
  topics: array(
    struct<GrowingTopic>({
      name: string,
      count: int32,
      assignments: nullableArray(struct({ brokerIds: array(int32) })),
    }),
  ),
  timeoutMs: int32,
  validateOnly: boolean,
});

const response: Codec<CreatePartitionsResponse> = struct({
  throttleTimeMs: int32,
  results: array(struct<GrownTopic>({ name: string, errorCode: int16, errorMessage: nullableString })),
});

function grow({ cluster }: RequestContext, { name, count }: GrowingTopic, validateOnly: boolean): GrownTopic {
  const topic = cluster.topics.get(name);
  if (!topic) {
    const errorMessage = 'This server does not host this topic-partition.';
    return { name, errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, errorMessage };
  }
  const problem = validateOnly ? cluster.topics.checkGrowth(topic, count) : cluster.topics.grow(topic, count);
  return { name, errorCode: problem?.errorCode ?? ErrorCode.NONE, errorMessage: problem?.message ?? null };
}

export const createPartitions: Api<CreatePartitionsRequest, CreatePartitionsResponse> = {
  key: 37,
  name: 'CreatePartitions',
  minVersion: 0,
  maxVersion: 3,
  flexibleFrom: 2,
  request,
  response,
  handle: (context, { topics, validateOnly }) => ({
    throttleTimeMs: 0,
    results: topics.map((topic) => grow(context, topic, validateOnly)),
  }),
  refuse: ({ topics }, errorCode) => ({
    throttleTimeMs: 0,
    results: topics.map(({ name }) => ({ name, errorCode, errorMessage: null })),
  }),
};
