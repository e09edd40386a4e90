import type { Partition } from '../cluster/partition.js';
import type { CommittedOffset } from '../groups/offset-store.js';

/** Offsets that a group gets when the transaction commits: group id → "topic/partition" → commit. */
export interface PendingOffset extends CommittedOffset {
  readonly topic: string;
  readonly partition: number;
}

/** A transactional id: its producer and the transaction that is open, if one is. */
export interface Transaction {
  readonly transactionalId: string;
  producerId: number;
  epoch: number;
  timeoutMs: number;
  /** What the last EndTxn did, so that its repetition can be answered the same. */
  state: 'empty' | 'ongoing' | 'committed' | 'aborted';
  startedMs: number;
  readonly partitions: Set<Partition>;
  readonly groups: Map<string, Map<string, PendingOffset>>;
  cancelTimeout: () => void;
}
