import { type Codec, int16, int32, int64, nullableString, since, struct } from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';
import { fencedAs } from './fenced-as.js';

/*
 * Request  v0-4 = transactional_id:STRING? transaction_timeout_ms:INT32 producer_id:INT64(3+) producer_epoch:INT16(3+)
 * Response v0-4 = throttle_time_ms:INT32 error_code:INT16 producer_id:INT64 producer_epoch:INT16
 * Flexible from v2. From v4 a fenced producer is told so by error 90 instead of 47.
 */
export interface InitProducerIdRequest {
  readonly transactionalId: string | null;
  readonly transactionTimeoutMs: number;
  readonly producerId: number;
  readonly producerEpoch: number;
}

export interface InitProducerIdResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly producerId: number;
  readonly producerEpoch: number;
}

const FIRST_VERSION_WITH_PRODUCER_FENCED = 4;

const request: Codec<InitProducerIdRequest> = struct({
  transactionalId: nullableString,
  transactionTimeoutMs: int32,
  producerId: since(3, int64, -1),
  producerEpoch: since(3, int16, -1),
});

const response: Codec<InitProducerIdResponse> = struct({
  throttleTimeMs: int32,
  errorCode: int16,
  producerId: int64,
  producerEpoch: int16,
});

export const initProducerId: Api<InitProducerIdRequest, InitProducerIdResponse> = {
  key: 22,
  name: 'InitProducerId',
  minVersion: 0,
  maxVersion: 4,
  flexibleFrom: 2,
  request,
  response,
  coordinated: ({ transactionalId }) => (transactionalId === null ? [] : [transactionalId]),
  handle({ cluster, apiVersion }, body) {
    if (body.transactionalId === null) {
      return { throttleTimeMs: 0, errorCode: ErrorCode.NONE, producerId: cluster.nextProducerId(), producerEpoch: 0 };
    }
    if (body.transactionalId === '') return initProducerId.refuse(body, ErrorCode.INVALID_REQUEST);
    const begun = cluster.transactions.init(body.transactionalId, body.transactionTimeoutMs, body);
    if (typeof begun !== 'number') return { throttleTimeMs: 0, errorCode: ErrorCode.NONE, ...begun };
    return initProducerId.refuse(body, fencedAs(begun, apiVersion, FIRST_VERSION_WITH_PRODUCER_FENCED));
  },
  refuse: (_, errorCode) => ({ throttleTimeMs: 0, errorCode, producerId: -1, producerEpoch: -1 }),
};
