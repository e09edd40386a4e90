import type { Partition } from '../../cluster/partition.js';
import { array, type Codec, int16, int32, string, struct } from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';
import { fencedAs } from './fenced-as.js';
import { type OfProducer, ofProducer } from './of-producer.js';

/*
 * Request  v0-3 = transactional_id:STRING producer_id:INT64 producer_epoch:INT16 topics:[name:STRING partitions:[INT32]]
 * Response v0-3 = throttle_time_ms:INT32 results:[name:STRING results:[partition_index:INT32 error_code:INT16]]
 * Flexible from v3. All or nothing: with an unknown partition the others get error 55.
 */
export interface AddPartitionsToTxnRequest extends OfProducer {
  readonly topics: readonly { readonly name: string; readonly partitions: readonly number[] }[];
}

export interface AddPartitionsToTxnResponse {
  readonly throttleTimeMs: number;
  readonly results: readonly {
    readonly name: string;
    readonly results: readonly { readonly partitionIndex: number; readonly errorCode: number }[];
  }[];
}

const FIRST_VERSION_WITH_PRODUCER_FENCED = 2;

const request: Codec<AddPartitionsToTxnRequest> = struct({
  ...ofProducer,
  topics: array(struct({ name: string, partitions: array(int32) })),
});

const response: Codec<AddPartitionsToTxnResponse> = struct({
  throttleTimeMs: int32,
  results: array(struct({ name: string, results: array(struct({ partitionIndex: int32, errorCode: int16 })) })),
});

type Topics = AddPartitionsToTxnRequest['topics'];

function answer(topics: Topics, errorOf: (name: string, partition: number) => number): AddPartitionsToTxnResponse {
  return {
    throttleTimeMs: 0,
    results: topics.map(({ name, partitions }) => ({
      name,
      results: partitions.map((partitionIndex) => ({ partitionIndex, errorCode: errorOf(name, partitionIndex) })),
    })),
  };
}

export const addPartitionsToTxn: Api<AddPartitionsToTxnRequest, AddPartitionsToTxnResponse> = {
  key: 24,
  name: 'AddPartitionsToTxn',
  minVersion: 0,
  maxVersion: 3,
  flexibleFrom: 3,
  request,
  response,
  coordinated: ({ transactionalId }) => [transactionalId],
  handle({ cluster, apiVersion }, body) {
    const { transactionalId, topics } = body;
    const error = cluster.transactions.check(transactionalId, body);
    if (error !== ErrorCode.NONE) {
      return addPartitionsToTxn.refuse(body, fencedAs(error, apiVersion, FIRST_VERSION_WITH_PRODUCER_FENCED));
    }
    const found = topics.flatMap(({ name, partitions }) =>
      partitions.map((index) => cluster.topics.partition(name, index)),
    );
    if (found.some((partition) => !partition)) {
      return answer(topics, (name, index) =>
        cluster.topics.partition(name, index)
          ? ErrorCode.OPERATION_NOT_ATTEMPTED
          : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
      );
    }
    for (const partition of found as readonly Partition[])
      cluster.transactions.addPartition(transactionalId, partition);
    return answer(topics, () => ErrorCode.NONE);
  },
  refuse: ({ topics }, errorCode) => answer(topics, () => errorCode),
};
