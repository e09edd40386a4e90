import type { AbortedTransaction } from '../../log/transaction-index.js';

/** A partition's part of the answer to a fetch. */
export interface FetchedPartition {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  readonly abortedTransactions: readonly Pick<AbortedTransaction, 'producerId' | 'firstOffset'>[] | null;
  readonly preferredReadReplica: number;
  readonly records: Buffer | null;
}

/** Answered instead of null, which some clients refuse. */
export const NO_RECORDS: Buffer = Buffer.alloc(0);

/** A partition's part of the answer when nothing can be read. */
export function failedFetch(partitionIndex: number, errorCode: number): FetchedPartition {
  return {
    partitionIndex,
    errorCode,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    abortedTransactions: null,
    preferredReadReplica: -1,
    records: NO_RECORDS,
  };
}
