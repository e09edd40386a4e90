import type { ReceivedMessage } from './received-message.js';

/** Messages of one partition in the batches they came in, so that taking one over costs nothing. */
export class MessageQueue {
  #batches: (readonly ReceivedMessage[])[] = [];
  #index = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(batch: readonly ReceivedMessage[]): void {
    if (batch.length === 0) return;
    this.#batches.push(batch);
    this.#length += batch.length;
  }

  shift(): ReceivedMessage | undefined {
    const batch = this.#batches[0];
    if (!batch) return undefined;
    const message = batch[this.#index];
    this.#index += 1;
    this.#length -= 1;
    if (this.#index === batch.length) {
      this.#batches.shift();
      this.#index = 0;
    }
    return message;
  }

  clear(): void {
    this.#batches = [];
    this.#index = 0;
    this.#length = 0;
  }
}
