import { type Codec, string, struct } from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';
import { fencedAs } from './fenced-as.js';
import { type OfProducer, ofProducer, type PlainAnswer, plainAnswer } from './of-producer.js';

/*
 * Request  v0-3 = transactional_id:STRING producer_id:INT64 producer_epoch:INT16 group_id:STRING
 * Response v0-3 = throttle_time_ms:INT32 error_code:INT16
 * Flexible from v3.
 */
export interface AddOffsetsToTxnRequest extends OfProducer {
  readonly groupId: string;
}

const FIRST_VERSION_WITH_PRODUCER_FENCED = 2;

const request: Codec<AddOffsetsToTxnRequest> = struct({
  ...ofProducer,
  groupId: string,
});

export const addOffsetsToTxn: Api<AddOffsetsToTxnRequest, PlainAnswer> = {
  key: 25,
  name: 'AddOffsetsToTxn',
  minVersion: 0,
  maxVersion: 3,
  flexibleFrom: 3,
  request,
  response: plainAnswer,
  coordinated: ({ transactionalId }) => [transactionalId],
  handle({ cluster, apiVersion }, body) {
    const error = cluster.transactions.check(body.transactionalId, body);
    if (error === ErrorCode.NONE) cluster.transactions.addGroup(body.transactionalId, body.groupId);
    return { throttleTimeMs: 0, errorCode: fencedAs(error, apiVersion, FIRST_VERSION_WITH_PRODUCER_FENCED) };
  },
  refuse: (_, errorCode) => ({ throttleTimeMs: 0, errorCode }),
};
