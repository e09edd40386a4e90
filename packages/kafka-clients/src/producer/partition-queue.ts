import type { QueuedMessage } from './message.js';

/** Messages of one partition, oldest first. Taking from the front costs nothing per message left behind. */
export class PartitionQueue {
  #messages: QueuedMessage[] = [];
  #head = 0;
  #bytes = 0;

  get length(): number {
    return this.#messages.length - this.#head;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get oldest(): QueuedMessage | undefined {
    return this.#messages[this.#head];
  }

  push(message: QueuedMessage): void {
    this.#messages.push(message);
    this.#bytes += message.bytes;
  }

  shift(): QueuedMessage | undefined {
    const message = this.#messages[this.#head];
    if (!message) return undefined;
    this.#bytes -= message.bytes;
    this.#head += 1;
    this.#compact();
    return message;
  }

  /** The next batch: at least one message, then as many as both limits allow. */
  take(maxBytes: number, maxCount: number): QueuedMessage[] {
    let bytes = 0;
    let end = this.#head;
    const limit = Math.min(this.#messages.length, this.#head + maxCount);
    while (end < limit) {
      const next = this.#messages[end]!.bytes;
      if (end > this.#head && bytes + next > maxBytes) break;
      bytes += next;
      end += 1;
    }
    const batch = this.#messages.slice(this.#head, end);
    this.#head = end;
    this.#bytes -= bytes;
    this.#compact();
    return batch;
  }

  /** Takes everything. */
  drain(): QueuedMessage[] {
    const all = this.#messages.slice(this.#head);
    this.#messages = [];
    this.#head = 0;
    this.#bytes = 0;
    return all;
  }

  #compact(): void {
    if (this.#head === this.#messages.length) {
      this.#messages = [];
      this.#head = 0;
    } else if (this.#head > 1_024 && this.#head * 2 > this.#messages.length) {
      this.#messages = this.#messages.slice(this.#head);
      this.#head = 0;
    }
  }
}
