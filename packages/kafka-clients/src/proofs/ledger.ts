import type { ReceivedMessage } from '../consumer/received-message.js';
import type { KafkaClientError } from '../kafka-client-error.js';
import type { DeliveryReport } from '../producer/message.js';

export interface Accounts {
  readonly sent: number;
  readonly acknowledged: number;
  readonly failedForSure: number;
  readonly failedInDoubt: number;
  readonly read: number;
  readonly duplicates: number;
  readonly flaggedPossiblyDuplicated: number;
}

/** A message's value: its id, long enough that batches are as large as those of real records. */
export const longValue = (id: number): string => String(id).padStart(300, '0');

/** Keeps account of what was sent, what became of it, and what was read back. Message ids are their order of sending. */
export class Ledger {
  readonly #acknowledged = new Set<number>();
  readonly #absent = new Set<number>();
  #sent = 0;
  #failedInDoubt = 0;
  #flagged = 0;
  #read = 0;
  #duplicates = 0;
  readonly #seen = new Set<number>();
  readonly #lastOfKey = new Map<string, number>();
  readonly #outOfOrder: string[] = [];

  /** The id of the next message. */
  next(): number {
    this.#sent += 1;
    return this.#sent - 1;
  }

  delivered(id: number, error: KafkaClientError | null, report: DeliveryReport | null): void {
    if (!error) {
      this.#acknowledged.add(id);
      if (report?.possiblyDuplicated) this.#flagged += 1;
    } else if (error.possiblyWritten) this.#failedInDoubt += 1;
    else this.#absent.add(id);
  }

  /** Records of one key come in the order of their offsets. */
  read(message: ReceivedMessage): void {
    const id = Number(message.value);
    if (String(message.value) !== longValue(id)) throw new Error(`A value was damaged: ${message.value}`);
    const key = String(message.key);
    this.#read += 1;
    if (this.#seen.has(id)) {
      this.#duplicates += 1;
      return;
    }
    this.#seen.add(id);
    const last = this.#lastOfKey.get(key) ?? -1;
    if (id < last) this.#outOfOrder.push(`${key}: ${id} after ${last}`);
    else this.#lastOfKey.set(key, id);
  }

  get decided(): number {
    return this.#acknowledged.size + this.#absent.size + this.#failedInDoubt;
  }

  get everythingAcknowledgedIsRead(): boolean {
    for (const id of this.#acknowledged) if (!this.#seen.has(id)) return false;
    return true;
  }

  /** What must not be: acknowledged and lost, reported absent and there, or out of order after removing duplicates. */
  get violations(): { readonly lost: number[]; readonly ghosts: number[]; readonly outOfOrder: readonly string[] } {
    return {
      lost: [...this.#acknowledged].filter((id) => !this.#seen.has(id)),
      ghosts: [...this.#absent].filter((id) => this.#seen.has(id)),
      outOfOrder: this.#outOfOrder,
    };
  }

  get accounts(): Accounts {
    return {
      sent: this.#sent,
      acknowledged: this.#acknowledged.size,
      failedForSure: this.#absent.size,
      failedInDoubt: this.#failedInDoubt,
      read: this.#read,
      duplicates: this.#duplicates,
      flaggedPossiblyDuplicated: this.#flagged,
    };
  }
}
