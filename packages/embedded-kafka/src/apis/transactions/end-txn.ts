import { boolean, struct } from '../../wire/codec.js';
import type { Api } from '../api.js';
import { type OfProducer, ofProducer } from './of-producer.js';
import { type PlainAnswer, transactionApi } from './transaction-api.js';

/*
 * Request  v0-3 = transactional_id:STRING producer_id:INT64 producer_epoch:INT16 committed:BOOL
 * Response v0-3 = throttle_time_ms:INT32 error_code:INT16
 * Flexible from v3.
 */
export interface EndTxnRequest extends OfProducer {
  readonly committed: boolean;
}

export const endTxn: Api<EndTxnRequest, PlainAnswer> = transactionApi({
  key: 26,
  name: 'EndTxn',
  request: struct<EndTxnRequest>({ ...ofProducer, committed: boolean }),
  carryOut: (transactions, { transactionalId, committed }) => transactions.end(transactionalId, committed),
});
