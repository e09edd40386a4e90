import { PartitionLog } from '../log/partition-log.js';
import type { Segment } from '../log/segment.js';

/** What the cluster wants to know of a partition's log. */
export interface PartitionObserver {
  /** A batch is about to become part of the log; throwing keeps it out. */
  storing(partition: Partition, batch: Buffer, segment: Segment): void;
  retentionBytes(partition: Partition): number;
  allocated(partition: Partition, segment: Segment): void;
  dropped(partition: Partition, segment: Segment): void;
}

/** Leader epochs whose start is remembered. */
const MAX_EPOCHS = 1000;

/** A partition: its log, who leads it, and who waits for it to change. */
export class Partition {
  readonly topicName: string;
  readonly index: number;
  readonly replicas: readonly number[];
  readonly log: PartitionLog;
  /** -1 while no replica is up. */
  leaderId: number;
  leaderEpoch = 0;
  /** First offset of each leader epoch, by epoch; most partitions only ever have one. */
  readonly #epochStarts: number[] = [0];
  readonly #waiters = new Set<() => void>();

  constructor(topicName: string, index: number, replicas: readonly number[], observer: PartitionObserver) {
    this.topicName = topicName;
    this.index = index;
    this.replicas = replicas;
    this.leaderId = replicas[0] ?? -1;
    this.log = new PartitionLog({
      storing: (batch, segment) => observer.storing(this, batch, segment),
      appended: () => this.wake(),
      retentionBytes: () => observer.retentionBytes(this),
      allocated: (segment) => observer.allocated(this, segment),
      dropped: (segment) => observer.dropped(this, segment),
    });
  }

  lead(nodeId: number): void {
    if (nodeId === this.leaderId) return;
    this.leaderId = nodeId;
    this.leaderEpoch++;
    this.#epochStarts.push(this.log.endOffset);
    if (this.#epochStarts.length > MAX_EPOCHS) this.#epochStarts.shift();
    this.wake();
  }

  /** Takes a stored segment in, with the leader epochs its batches name. */
  restore(baseOffset: number, bytes: Buffer): void {
    this.log.restore(baseOffset, bytes, (offset, epoch) => {
      while (this.leaderEpoch < epoch) {
        this.leaderEpoch++;
        this.#epochStarts.push(offset);
        if (this.#epochStarts.length > MAX_EPOCHS) this.#epochStarts.shift();
      }
    });
  }

  /** The last epoch not above `epoch` and the offset at which it ended. */
  endOfEpoch(epoch: number): { readonly leaderEpoch: number; readonly endOffset: number } {
    const oldest = this.leaderEpoch - this.#epochStarts.length + 1;
    if (epoch < oldest || epoch > this.leaderEpoch) return { leaderEpoch: -1, endOffset: -1 };
    return { leaderEpoch: epoch, endOffset: this.#epochStarts[epoch - oldest + 1] ?? this.log.endOffset };
  }

  /** Calls `waiter` at every change until the answer is called. */
  onChange(waiter: () => void): () => void {
    this.#waiters.add(waiter);
    return () => {
      this.#waiters.delete(waiter);
    };
  }

  wake(): void {
    for (const waiter of this.#waiters) waiter();
  }
}
