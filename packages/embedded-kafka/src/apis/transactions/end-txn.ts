import { boolean, type Codec, struct } from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';
import { fencedAs } from './fenced-as.js';
import { type OfProducer, ofProducer, type PlainAnswer, plainAnswer } from './of-producer.js';

/*
 * Request  v0-3 = transactional_id:STRING producer_id:INT64 producer_epoch:INT16 committed:BOOL
 * Response v0-3 = throttle_time_ms:INT32 error_code:INT16
 * Flexible from v3.
 */
export interface EndTxnRequest extends OfProducer {
  readonly committed: boolean;
}

const FIRST_VERSION_WITH_PRODUCER_FENCED = 2;

const request: Codec<EndTxnRequest> = struct({
  ...ofProducer,
  committed: boolean,
});

export const endTxn: Api<EndTxnRequest, PlainAnswer> = {
  key: 26,
  name: 'EndTxn',
  minVersion: 0,
  maxVersion: 3,
  flexibleFrom: 3,
  request,
  response: plainAnswer,
  coordinated: ({ transactionalId }) => [transactionalId],
  handle({ cluster, apiVersion }, body) {
    const { transactions } = cluster;
    const fenced = transactions.check(body.transactionalId, body);
    const error = fenced === ErrorCode.NONE ? transactions.end(body.transactionalId, body.committed) : fenced;
    return { throttleTimeMs: 0, errorCode: fencedAs(error, apiVersion, FIRST_VERSION_WITH_PRODUCER_FENCED) };
  },
  refuse: (_, errorCode) => ({ throttleTimeMs: 0, errorCode }),
};
