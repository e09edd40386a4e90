import type { Clock } from '../clock.js';
import type { Partition } from '../cluster/partition.js';
import { ErrorCode } from '../wire/error-codes.js';
import { controlBatch } from './control-batch.js';
import type { PendingOffset, Transaction } from './transaction.js';

const MAX_EPOCH = 32_766;
const nothing = (): void => {};

export interface ProducerRef {
  readonly producerId: number;
  readonly producerEpoch: number;
}

export interface TransactionsOptions {
  readonly clock: Clock;
  readonly maxTransactionalIds: number;
  readonly maxTimeoutMs: number;
  readonly nextProducerId: () => number;
  readonly commitOffset: (groupId: string, offset: PendingOffset) => void;
}

/** The transaction coordinator: transactional ids, what each open transaction touches, and how it ends. */
export class Transactions {
  readonly #options: TransactionsOptions;
  readonly #byId = new Map<string, Transaction>();
  readonly #byProducer = new Map<number, Transaction>();

  constructor(options: TransactionsOptions) {
    this.#options = options;
  }

  all(): IterableIterator<Transaction> {
    return this.#byId.values();
  }

  get(transactionalId: string): Transaction | undefined {
    return this.#byId.get(transactionalId);
  }

  /** Fences earlier producers of this id, ends what they left open, and gives out the next epoch; or an error code. */
  init(transactionalId: string, timeoutMs: number, known: ProducerRef): ProducerRef | number {
    if (timeoutMs <= 0 || timeoutMs > this.#options.maxTimeoutMs) return ErrorCode.INVALID_TRANSACTION_TIMEOUT;
    let transaction = this.#byId.get(transactionalId);
    if (!transaction) {
      if (this.#byId.size >= this.#options.maxTransactionalIds && !this.#makeRoom()) return ErrorCode.POLICY_VIOLATION;
      transaction = this.#open(transactionalId, timeoutMs);
      return { producerId: transaction.producerId, producerEpoch: transaction.epoch };
    }
    if (
      known.producerId >= 0 &&
      (known.producerId !== transaction.producerId || known.producerEpoch !== transaction.epoch)
    ) {
      return ErrorCode.PRODUCER_FENCED;
    }
    transaction.timeoutMs = timeoutMs;
    // The marker carries the new epoch, so that the partitions refuse the old producer from here on.
    this.#nextEpoch(transaction);
    if (transaction.state === 'ongoing') this.#finish(transaction, false);
    transaction.state = 'empty';
    return { producerId: transaction.producerId, producerEpoch: transaction.epoch };
  }

  #open(transactionalId: string, timeoutMs: number): Transaction {
    const transaction: Transaction = {
      transactionalId,
      producerId: this.#options.nextProducerId(),
      epoch: 0,
      timeoutMs,
      state: 'empty',
      startedMs: -1,
      partitions: new Set(),
      groups: new Map(),
      cancelTimeout: nothing,
    };
    this.#byId.set(transactionalId, transaction);
    this.#byProducer.set(transaction.producerId, transaction);
    return transaction;
  }

  #nextEpoch(transaction: Transaction): void {
    if (transaction.epoch < MAX_EPOCH || transaction.state === 'ongoing') {
      transaction.epoch++;
      return;
    }
    this.#byProducer.delete(transaction.producerId);
    transaction.producerId = this.#options.nextProducerId();
    transaction.epoch = 0;
    this.#byProducer.set(transaction.producerId, transaction);
  }

  /** Error of a call by a producer that names its transactional id. */
  check(transactionalId: string, { producerId, producerEpoch }: ProducerRef): number {
    const transaction = this.#byId.get(transactionalId);
    if (!transaction || transaction.producerId !== producerId) return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
    return transaction.epoch === producerEpoch ? ErrorCode.NONE : ErrorCode.PRODUCER_FENCED;
  }

  /** After `check`: makes partitions part of the open transaction, which begins with the first. */
  addPartition(transactionalId: string, partition: Partition): void {
    this.#begin(this.#byId.get(transactionalId)!).partitions.add(partition);
  }

  /** After `check`: makes a group's offsets part of the open transaction. */
  addGroup(transactionalId: string, groupId: string): void {
    const { groups } = this.#begin(this.#byId.get(transactionalId)!);
    if (!groups.has(groupId)) groups.set(groupId, new Map());
  }

  /** After `check`: keeps an offset back until the transaction ends; an error when the group is not part of it. */
  holdOffset(transactionalId: string, groupId: string, offset: PendingOffset): number {
    const pending = this.#byId.get(transactionalId)!.groups.get(groupId);
    if (!pending) return ErrorCode.INVALID_TXN_STATE;
    pending.set(`${offset.topic}/${offset.partition}`, offset);
    return ErrorCode.NONE;
  }

  hasPendingOffset(groupId: string, topic: string, partition: number): boolean {
    for (const transaction of this.#byId.values()) {
      if (transaction.groups.get(groupId)?.has(`${topic}/${partition}`)) return true;
    }
    return false;
  }

  /** Whether a transactional batch of this producer may be appended to a partition. */
  covers(producerId: number, producerEpoch: number, partition: Partition): boolean {
    const transaction = this.#byProducer.get(producerId);
    return (
      transaction?.state === 'ongoing' && transaction.epoch === producerEpoch && transaction.partitions.has(partition)
    );
  }

  /** After `check`: commits or aborts; repeating the last end is answered alike. */
  end(transactionalId: string, committed: boolean): number {
    const transaction = this.#byId.get(transactionalId)!;
    if (transaction.state === 'ongoing') {
      this.#finish(transaction, committed);
      return ErrorCode.NONE;
    }
    return transaction.state === (committed ? 'committed' : 'aborted') ? ErrorCode.NONE : ErrorCode.INVALID_TXN_STATE;
  }

  /** Forgets a deleted partition. */
  dropPartition(partition: Partition): void {
    for (const transaction of this.#byId.values()) transaction.partitions.delete(partition);
  }

  close(): void {
    for (const transaction of this.#byId.values()) transaction.cancelTimeout();
  }

  #begin(transaction: Transaction): Transaction {
    if (transaction.state === 'ongoing') return transaction;
    transaction.state = 'ongoing';
    transaction.startedMs = this.#options.clock.now();
    transaction.cancelTimeout = this.#options.clock.schedule(transaction.timeoutMs, () => {
      this.#nextEpoch(transaction);
      this.#finish(transaction, false);
    });
    return transaction;
  }

  #finish(transaction: Transaction, committed: boolean): void {
    transaction.cancelTimeout();
    transaction.cancelTimeout = nothing;
    const marker = controlBatch(
      transaction.producerId,
      transaction.epoch,
      committed,
      Math.trunc(this.#options.clock.now()),
    );
    for (const partition of transaction.partitions)
      partition.log.appendMarker(marker, partition.leaderEpoch, committed);
    if (committed) {
      for (const [groupId, offsets] of transaction.groups) {
        for (const offset of offsets.values()) this.#options.commitOffset(groupId, offset);
      }
    }
    transaction.partitions.clear();
    transaction.groups.clear();
    transaction.state = committed ? 'committed' : 'aborted';
  }

  #makeRoom(): boolean {
    for (const transaction of this.#byId.values()) {
      if (transaction.state === 'ongoing') continue;
      this.#byId.delete(transaction.transactionalId);
      this.#byProducer.delete(transaction.producerId);
      return true;
    }
    return false;
  }
}
