import type { Partition } from '../../cluster/partition.js';
import type { Topic } from '../../cluster/topic.js';
import { checkProducedBatch, readBatchHeader } from '../../log/record-batch.js';
import {
  array,
  type Codec,
  int16,
  int32,
  int64,
  nullableBytes,
  nullableString,
  since,
  string,
  struct,
} from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';
import type { RequestContext } from '../request-context.js';

/*
 * Request  v3-11 = transactional_id:STRING? acks:INT16 timeout_ms:INT32
 *                  topics:[name:STRING partitions:[index:INT32 records:BYTES?]]
 * Response v3-11 = responses:[name:STRING partitions:[index:INT32 error_code:INT16 base_offset:INT64
 *                    log_append_time_ms:INT64 log_start_offset:INT64(5+)
 *                    record_errors:[batch_index:INT32 message:STRING?](8+) error_message:STRING?(8+)]]
 *                  throttle_time_ms:INT32
 * Flexible from v9. With acks 0 there is no response. Versions 0-2 carry older message formats and are refused, but
 * they are advertised: librdkafka takes their absence for a broker without compression.
 */
interface ProducedPartition {
  readonly index: number;
  readonly records: Buffer | null;
}

export interface ProduceRequest {
  readonly transactionalId: string | null;
  readonly acks: number;
  readonly timeoutMs: number;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly ProducedPartition[] }[];
}

export interface ProducedResult {
  readonly index: number;
  readonly errorCode: number;
  readonly baseOffset: number;
  readonly logAppendTimeMs: number;
  readonly logStartOffset: number;
  readonly recordErrors: readonly { readonly batchIndex: number; readonly message: string | null }[];
  readonly errorMessage: string | null;
}

export interface ProduceResponse {
  readonly responses: readonly { readonly name: string; readonly partitions: readonly ProducedResult[] }[];
  readonly throttleTimeMs: number;
}

const request: Codec<ProduceRequest> = struct({
  transactionalId: nullableString,
  acks: int16,
  timeoutMs: int32,
  topics: array(struct({ name: string, partitions: array(struct({ index: int32, records: nullableBytes })) })),
});

const response: Codec<ProduceResponse> = struct({
  responses: array(
    struct({
      name: string,
      partitions: array(
        struct<ProducedResult>({
          index: int32,
          errorCode: int16,
          baseOffset: int64,
          logAppendTimeMs: int64,
          logStartOffset: since(5, int64, -1),
          recordErrors: since(8, array(struct({ batchIndex: int32, message: nullableString })), []),
          errorMessage: since(8, nullableString, null),
        }),
      ),
    }),
  ),
  throttleTimeMs: int32,
});

function failed(index: number, errorCode: number): ProducedResult {
  return {
    index,
    errorCode,
    baseOffset: -1,
    logAppendTimeMs: -1,
    logStartOffset: -1,
    recordErrors: [],
    errorMessage: null,
  };
}

function append(context: RequestContext, topic: Topic, partition: Partition, batch: Buffer): ProducedResult {
  const { cluster } = context;
  const { index } = partition;
  if (batch.length > topic.maxMessageBytes) return failed(index, ErrorCode.MESSAGE_TOO_LARGE);
  const problem = checkProducedBatch(batch, cluster.verifyChecksums);
  if (problem !== ErrorCode.NONE) return failed(index, problem);
  const header = readBatchHeader(batch);
  if (header.transactional && !cluster.transactions.covers(header.producerId, header.producerEpoch, partition)) {
    return failed(index, ErrorCode.INVALID_TXN_STATE);
  }
  const appendTimeMs = topic.usesAppendTime ? Math.trunc(cluster.clock.now()) : undefined;
  const result = partition.log.append(batch, partition.leaderEpoch, appendTimeMs);
  if (result.errorCode !== ErrorCode.NONE) {
    return { ...failed(index, result.errorCode), logStartOffset: partition.log.startOffset };
  }
  cluster.counters.batchesIn++;
  cluster.counters.recordsIn += header.recordCount;
  cluster.counters.recordBytesIn += batch.length;
  return {
    ...failed(index, ErrorCode.NONE),
    baseOffset: result.baseOffset,
    logAppendTimeMs: result.appendTimeMs,
    logStartOffset: partition.log.startOffset,
  };
}

function produceTo(context: RequestContext, name: string, { index, records }: ProducedPartition): ProducedResult {
  const topic = context.cluster.topics.get(name);
  const partition = topic?.partitions[index];
  if (!topic || !partition) return failed(index, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  if (partition.leaderId !== context.nodeId) return failed(index, ErrorCode.NOT_LEADER_OR_FOLLOWER);
  if (records === null || records.length === 0) return failed(index, ErrorCode.INVALID_RECORD);
  return append(context, topic, partition, records);
}

export const produce: Api<ProduceRequest, ProduceResponse> = {
  key: 0,
  name: 'Produce',
  minVersion: 3,
  maxVersion: 11,
  flexibleFrom: 9,
  request,
  response,
  handle(context, body) {
    const { acks, topics } = body;
    if (acks < -1 || acks > 1) return produce.refuse(body, ErrorCode.INVALID_REQUIRED_ACKS);
    const responses = topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((partition) => produceTo(context, name, partition)),
    }));
    return acks === 0 ? undefined : { responses, throttleTimeMs: 0 };
  },
  refuse: ({ topics }, errorCode) => ({
    responses: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ index }) => failed(index, errorCode)),
    })),
    throttleTimeMs: 0,
  }),
};
