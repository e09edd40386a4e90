import type { FormatPolicyLine } from '@naru/core';
import { type AvroSerializerOf, createUnifiedSerializer } from '@naru/serializers';
import { AsyncProducerWrapper, type ProducerWrapperOptions, type SendOptions } from './async-producer-wrapper.js';

export interface AvroProducerOptions extends Omit<ProducerWrapperOptions, 'serializer'> {
  /** What the caller would like where the topic policy leaves the choice. Default false: JSON. */
  readonly useAvro?: boolean | undefined;
  /** Finds the Avro serializer of a topic. Without it only topics with JSON can be written. */
  readonly avro?: AvroSerializerOf | undefined;
  /** Which topics have which format, whatever a caller asks. Default: the policy of the default topic names. */
  readonly policy?: readonly FormatPolicyLine[] | undefined;
}

/** The unified producer: JSON or Avro, decided by the topic policy, then by the caller, then by `useAvro`. */
export class AvroProducer {
  readonly useAvro: boolean;
  readonly #wrapper: AsyncProducerWrapper;

  constructor(options: AvroProducerOptions) {
    const { useAvro = false, avro, policy, ...rest } = options;
    this.useAvro = useAvro;
    this.#wrapper = new AsyncProducerWrapper({
      ...rest,
      serializer: createUnifiedSerializer({
        ...(avro && { avro }),
        ...(policy && { policy }),
        ...(rest.logger && { logger: rest.logger }),
        defaultFormat: useAvro ? 'avro' : 'json',
      }),
    });
  }

  startProducer(): Promise<void> {
    return this.#wrapper.start();
  }

  stopProducer(): Promise<void> {
    return this.#wrapper.stop();
  }

  /** True when the broker acknowledged the message, false when it was not delivered. */
  produceSending(topic: string, value: unknown, key?: unknown, options?: SendOptions): Promise<boolean> {
    return this.#wrapper.sendAndWait(topic, value, key, options);
  }
}
