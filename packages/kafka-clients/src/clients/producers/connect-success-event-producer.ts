import { createConnectSuccess, symbolMessageKey, type Target } from '@naru/core';
import { EventProducer, type EventProducerOptions } from './event-producer.js';

export interface ConnectSuccessReport {
  readonly target: Target;
  readonly symbols: readonly string[];
  /** Of the command that asked. */
  readonly correlationId?: string | undefined;
}

/** Publishes to `ws.connect_success`, Avro: one acknowledgement per symbol that the exchange confirmed. */
export class ConnectSuccessEventProducer extends EventProducer {
  constructor(options: EventProducerOptions) {
    super({ useAvro: true, ...options });
  }

  /** True when every acknowledgement was delivered. */
  async sendConnectSuccess({ target, symbols, correlationId }: ConnectSuccessReport): Promise<boolean> {
    const delivered = await Promise.all(
      symbols.map((symbol) =>
        this.produceSending(
          this.topics.connectSuccess,
          createConnectSuccess({ target, symbol, correlationId }, this.eventContext),
          symbolMessageKey(target, symbol),
        ),
      ),
    );
    return delivered.every(Boolean);
  }
}
