import type { Transactions } from '../../transactions/transactions.js';
import { type Codec, int16, int32, struct } from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';
import { fencedAs } from './fenced-as.js';
import type { OfProducer } from './of-producer.js';

/** An answer that is nothing but an error code. */
export interface PlainAnswer {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
}

export interface TransactionStep<Request extends OfProducer> {
  readonly key: number;
  readonly name: string;
  readonly request: Codec<Request>;
  /** Done for the producer that the transaction belongs to; an error code. */
  carryOut(transactions: Transactions, request: Request): number;
}

const FIRST_VERSION_WITH_PRODUCER_FENCED = 2;

const response: Codec<PlainAnswer> = struct({ throttleTimeMs: int32, errorCode: int16 });

/** What a step of a transaction shares with the others: its versions, its answer, and who may take it. */
export function transactionApi<Request extends OfProducer>({
  key,
  name,
  request,
  carryOut,
}: TransactionStep<Request>): Api<Request, PlainAnswer> {
  return {
    key,
    name,
    minVersion: 0,
    maxVersion: 3,
    flexibleFrom: 3,
    request,
    response,
    coordinated: ({ transactionalId }) => [transactionalId],
    handle({ cluster: { transactions }, apiVersion }, body) {
      const fenced = transactions.check(body.transactionalId, body);
      const error = fenced === ErrorCode.NONE ? carryOut(transactions, body) : fenced;
      return { throttleTimeMs: 0, errorCode: fencedAs(error, apiVersion, FIRST_VERSION_WITH_PRODUCER_FENCED) };
    },
    refuse: (_, errorCode) => ({ throttleTimeMs: 0, errorCode }),
  };
}
