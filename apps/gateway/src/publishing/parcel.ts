import type { MarketRecord, Target } from '@naru/core';
import type { ProducerMessage } from '@naru/kafka-clients';
import type { DropReason } from './accounts.js';

/** From where to where records reach, as an exchange counts them. */
export interface Extent {
  readonly code: string;
  readonly records: number;
  readonly first: Mark;
  readonly last: Mark;
}

/** One record's place in its market. */
export interface Mark {
  /** The exchange's own id or sequence, where it gives one. */
  readonly id?: string;
  /** Unix seconds, by the exchange. */
  readonly time: number;
}

/** Whose records a parcel carries: it accounts for them. */
export interface ParcelOwner {
  readonly target: Target;
  /** Records that an earlier process left in the spool. */
  onRecovered(records: number): void;
  onSpooled(records: number): void;
  onUnspooled(records: number): void;
  /** Kafka has them. @param receivedAt Unix seconds at which each record was received */
  onAcknowledged(receivedAt: readonly number[]): void;
  /** Kafka has them, out of the spool. @param receivedAt Unix seconds at which the oldest was received */
  onReplayed(records: number, receivedAt: number): void;
  onLost(extent: Extent, reason: DropReason, error: Error): void;
  /** The spool is empty: what is still counted as spooled was not given back by the disk. */
  onSpoolEmpty(): void;
}

/**
 * Where a parcel is: `waiting` for a way, `sent` to the producer, `spooled` and out of memory, or `done`.
 * One that is sent can be in the spool as well: it then has a sequence.
 */
export type ParcelState = 'waiting' | 'sent' | 'spooled' | 'done';

const none: readonly number[] = [];
const nothing: ProducerMessage = { topic: '', value: null };

/** Bookkeeping that a message and a record in it carry besides the bytes, here and in the producer. */
const messageOverhead = 500;
const recordOverhead = 8;

/**
 * A message on its way to Kafka, with what it takes to account for it. One object a message: the records themselves are
 * let go when they are encoded.
 */
export class Parcel {
  readonly owner: ParcelOwner;
  readonly code: string;
  /** What it counts for against the bound of memory. */
  readonly bytes: number;
  readonly count: number;
  message: ProducerMessage;
  /** Of each record, Unix seconds. */
  receivedAt: readonly number[];
  state: ParcelState = 'waiting';
  /** Its place in the spool, once it has one. */
  sequence: number | undefined = undefined;
  /** Monotonic milliseconds. */
  acceptedAt = 0;
  readonly #firstId: string | undefined;
  readonly #firstTime: number;
  readonly #lastId: string | undefined;
  readonly #lastTime: number;

  constructor(owner: ParcelOwner, code: string, message: ProducerMessage, records: readonly MarketRecord[]) {
    const first = records[0]!;
    const last = records.at(-1)!;
    this.owner = owner;
    this.code = code;
    this.message = message;
    this.receivedAt = records.map((record) => record.received_at);
    this.count = records.length;
    this.bytes = messageOverhead + recordOverhead * records.length + code.length + (message.value?.length ?? 0);
    this.#firstId = idOf(first);
    this.#firstTime = timeOf(first);
    this.#lastId = idOf(last);
    this.#lastTime = timeOf(last);
  }

  get extent(): Extent {
    return {
      code: this.code,
      records: this.count,
      first: mark(this.#firstId, this.#firstTime),
      last: mark(this.#lastId, this.#lastTime),
    };
  }

  /** Lets go of everything large. */
  settle(state: 'spooled' | 'done'): void {
    this.state = state;
    this.message = nothing;
    this.receivedAt = none;
  }
}

export function extentOf(code: string, records: readonly MarketRecord[]): Extent {
  const first = records[0]!;
  const last = records.at(-1)!;
  return {
    code,
    records: records.length,
    first: mark(idOf(first), timeOf(first)),
    last: mark(idOf(last), timeOf(last)),
  };
}

function mark(id: string | undefined, time: number): Mark {
  return id === undefined ? { time } : { id, time };
}

function idOf(record: MarketRecord): string | undefined {
  if ('sequential_id' in record) return record.sequential_id;
  return 'sequence' in record && record.sequence !== undefined ? String(record.sequence) : undefined;
}

function timeOf(record: MarketRecord): number {
  return 'trade_timestamp' in record ? record.trade_timestamp : record.timestamp;
}
