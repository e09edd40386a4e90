import { string, struct } from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';
import { type OfProducer, ofProducer } from './of-producer.js';
import { type PlainAnswer, transactionApi } from './transaction-api.js';

/*
 * Request  v0-3 = transactional_id:STRING producer_id:INT64 producer_epoch:INT16 group_id:STRING
 * Response v0-3 = throttle_time_ms:INT32 error_code:INT16
 * Flexible from v3.
 */
export interface AddOffsetsToTxnRequest extends OfProducer {
  readonly groupId: string;
}

export const addOffsetsToTxn: Api<AddOffsetsToTxnRequest, PlainAnswer> = transactionApi({
  key: 25,
  name: 'AddOffsetsToTxn',
  request: struct<AddOffsetsToTxnRequest>({ ...ofProducer, groupId: string }),
  carryOut(transactions, { transactionalId, groupId }) {
    transactions.addGroup(transactionalId, groupId);
    return ErrorCode.NONE;
  },
});
