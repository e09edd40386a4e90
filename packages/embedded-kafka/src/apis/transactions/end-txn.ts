import { boolean, type Codec, int16, int32, int64, string, struct } from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';
import { fencedAs } from './fenced-as.js';

/*
 * Request  v0-3 = transactional_id:STRING producer_id:INT64 producer_epoch:INT16 committed:BOOL
 * Response v0-3 = throttle_time_ms:INT32 error_code:INT16
 * Flexible from v3.
 */
export interface EndTxnRequest {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly committed: boolean;
}

export interface EndTxnResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
}

const FIRST_VERSION_WITH_PRODUCER_FENCED = 2;

const request: Codec<EndTxnRequest> = struct({
  transactionalId: string,
  producerId: int64,
  producerEpoch: int16,
  committed: boolean,
});

const response: Codec<EndTxnResponse> = struct({ throttleTimeMs: int32, errorCode: int16 });

export const endTxn: Api<EndTxnRequest, EndTxnResponse> = {
  key: 26,
  name: 'EndTxn',
  minVersion: 0,
  maxVersion: 3,
  flexibleFrom: 3,
  request,
  response,
  coordinated: ({ transactionalId }) => [transactionalId],
  handle({ cluster, apiVersion }, body) {
    const { transactions } = cluster;
    const fenced = transactions.check(body.transactionalId, body);
    const error = fenced === ErrorCode.NONE ? transactions.end(body.transactionalId, body.committed) : fenced;
    return { throttleTimeMs: 0, errorCode: fencedAs(error, apiVersion, FIRST_VERSION_WITH_PRODUCER_FENCED) };
  },
  refuse: (_, errorCode) => ({ throttleTimeMs: 0, errorCode }),
};
