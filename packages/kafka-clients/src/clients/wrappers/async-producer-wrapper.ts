import { type Logger, silentLogger } from '@naru/core';
import { createJsonSerializer, createKeySerializer, type Serializer } from '@naru/serializers';
import type { KafkaProducer } from '../../producer/kafka-producer.js';
import type { DeliveryReport } from '../../producer/message.js';
import type { RecordHeaders } from '../../transport/transport-producer.js';

export interface ProducerWrapperOptions {
  /** Stays yours: `start` connects it and `stop` flushes it; closing it is up to you unless `closesProducer`. */
  readonly producer: KafkaProducer;
  /** Whether `stop` closes the producer. Default false. */
  readonly closesProducer?: boolean | undefined;
  /** Of values. Default JSON. */
  readonly serializer?: Serializer | undefined;
  /** Of keys. Default: text as UTF-8, everything else as JSON. */
  readonly keySerializer?: Serializer | undefined;
  readonly logger?: Logger | undefined;
}

export interface SendOptions {
  readonly headers?: RecordHeaders | undefined;
  /** What the caller would like, for serializers that leave the choice. */
  readonly format?: 'avro' | 'json' | undefined;
}

/** Serializes values, JSON by default, and sends them through the batching producer. */
export class AsyncProducerWrapper {
  protected readonly producer: KafkaProducer;
  protected readonly logger: Logger;
  readonly #serializer: Serializer;
  readonly #keySerializer: Serializer;
  readonly #closesProducer: boolean;
  /** While a serializer fetches what it needs, later messages wait behind it so that none overtakes another. */
  #preparing: Promise<void> | undefined;

  constructor(options: ProducerWrapperOptions) {
    this.producer = options.producer;
    this.logger = options.logger ?? silentLogger;
    this.#serializer = options.serializer ?? createJsonSerializer();
    this.#keySerializer = options.keySerializer ?? createKeySerializer();
    this.#closesProducer = options.closesProducer ?? false;
  }

  start(): Promise<void> {
    return this.producer.connect();
  }

  /** Delivers what is queued. Safe to call twice. */
  async stop(): Promise<void> {
    await this.#preparing?.catch(() => {});
    await (this.#closesProducer ? this.producer.close() : this.producer.flush());
  }

  /**
   * Sends and waits for the broker's acknowledgement: true when it came, false when the message was not delivered,
   * which is logged. A value that cannot be serialized rejects: sending it again cannot help.
   */
  async sendAndWait(topic: string, value: unknown, key?: unknown, options: SendOptions = {}): Promise<boolean> {
    const delivery = await this.#enqueue(topic, value, key, options);
    try {
      await delivery.acknowledged;
      return true;
    } catch (error) {
      this.logger.error(`A message for ${topic} was not delivered.`, { topic, producer: this.producer.name, error });
      return false;
    }
  }

  /** Sends and waits, and says where the message is; rejects when it was not delivered. */
  async sendForReport(
    topic: string,
    value: unknown,
    key?: unknown,
    options: SendOptions = {},
  ): Promise<DeliveryReport> {
    return await (await this.#enqueue(topic, value, key, options)).acknowledged;
  }

  async #enqueue(
    topic: string,
    value: unknown,
    key: unknown,
    { headers, format }: SendOptions,
  ): Promise<{ readonly acknowledged: Promise<DeliveryReport> }> {
    const context = { topic, ...(format && { format }) };
    const pending = this.#serializer.prepare(context);
    if (pending || this.#preparing) {
      const turn = Promise.all([pending, this.#preparing?.catch(() => {})]).then(() => {});
      this.#preparing = turn;
      try {
        await turn;
      } finally {
        if (this.#preparing === turn) this.#preparing = undefined;
      }
    }
    const acknowledged = this.producer.sendAndWait({
      topic,
      key: key == null ? null : this.#keySerializer.encode(key, { topic, part: 'key' }),
      value: this.#serializer.encode(value, context),
      headers,
    });
    return { acknowledged };
  }
}
