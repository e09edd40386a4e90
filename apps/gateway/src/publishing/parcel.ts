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
  /** Kafka has them. */
  onAcknowledged(records: readonly MarketRecord[]): void;
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

const none: readonly MarketRecord[] = [];
const nothing: ProducerMessage = { topic: '', value: null };

/** Bookkeeping that a message carries besides its own bytes. */
const overhead = 300;

/** A message on its way to Kafka with the records it is made of. One object a message, and none a record. */
export class Parcel {
  readonly owner: ParcelOwner;
  readonly code: string;
  /** What it counts for against the bound of memory. */
  readonly bytes: number;
  readonly count: number;
  message: ProducerMessage;
  records: readonly MarketRecord[];
  state: ParcelState = 'waiting';
  /** Its place in the spool, once it has one. */
  sequence: number | undefined = undefined;
  /** Monotonic milliseconds. */
  acceptedAt = 0;

  constructor(owner: ParcelOwner, code: string, message: ProducerMessage, records: readonly MarketRecord[]) {
    this.owner = owner;
    this.code = code;
    this.message = message;
    this.records = records;
    this.count = records.length;
    this.bytes = overhead + code.length + (message.value?.length ?? 0);
  }

  /** Lets go of everything large. */
  settle(state: 'spooled' | 'done'): void {
    this.state = state;
    this.message = nothing;
    this.records = none;
  }
}

export function extentOf(code: string, records: readonly MarketRecord[]): Extent {
  return { code, records: records.length, first: markOf(records[0]!), last: markOf(records.at(-1)!) };
}

function markOf(record: MarketRecord): Mark {
  if ('trade_timestamp' in record) return { id: record.sequential_id, time: record.trade_timestamp };
  const sequence = 'sequence' in record ? record.sequence : undefined;
  return sequence === undefined ? { time: record.timestamp } : { id: String(sequence), time: record.timestamp };
}
