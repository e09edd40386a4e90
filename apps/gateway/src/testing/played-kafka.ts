import {
  KafkaClientError,
  type KafkaClientErrorCode,
  type OnDelivery,
  type ProducerMessage,
} from '@naru/kafka-clients';
import { expect } from 'vitest';
import type { DeliveryOptions } from '../publishing/delivery.js';

/** A cluster that takes messages, or is away, or refuses the next ones. */
export class PlayedKafka {
  isAway: boolean = false;
  /** Written although the next failures say that it may not be. */
  readonly failures: { readonly code: KafkaClientErrorCode; readonly written: boolean }[] = [];
  /** Market and ids of its trades, message by message. */
  readonly log: [market: string, ids: string[]][] = [];
  readonly ids: Map<string, string> = new Map();
  #waiting: [ProducerMessage, OnDelivery | undefined][] = [];
  #scheduled = false;

  get producer(): DeliveryOptions['producer'] {
    return {
      send: (message, decide) => {
        this.#waiting.push([message, decide]);
        this.flow();
        return undefined;
      },
      flush: async () => {},
      close: async () => {
        for (const [, decide] of this.#waiting.splice(0))
          decide?.(new KafkaClientError('closed', { code: 'closed' }), null);
      },
    };
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  flow(): void {
    if (this.#scheduled || this.isAway) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      while (!this.isAway && this.#waiting.length > 0) this.#take(...this.#waiting.shift()!);
    });
  }

  #take(message: ProducerMessage, decide: OnDelivery | undefined): void {
    const failure = this.failures.shift();
    if (!failure || failure.written) this.#write(message);
    if (failure) decide?.(new KafkaClientError('no', { code: failure.code, possiblyWritten: failure.written }), null);
    else decide?.(null, null);
  }

  #write({ key, value, headers }: ProducerMessage): void {
    const { data } = JSON.parse(String(value)) as { data: { sequential_id: string }[] };
    const ids = data.map(({ sequential_id }) => sequential_id);
    this.log.push([String(key), ids]);
    // The event id names the same content whenever it comes.
    const eventId = String(headers?.['naru-event-id']);
    expect(this.ids.get(eventId) ?? ids.join()).toBe(ids.join());
    this.ids.set(eventId, ids.join());
  }

  /** Every id once, by market, in the order of its first coming. */
  read(): Record<string, string[]> {
    const markets: Record<string, string[]> = {};
    for (const [market, ids] of this.log) {
      const seen = new Set(markets[market]);
      markets[market] = [...(markets[market] ?? []), ...ids.filter((id) => !seen.has(id))];
    }
    return markets;
  }
}
