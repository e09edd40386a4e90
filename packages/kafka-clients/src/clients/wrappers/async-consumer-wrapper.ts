import { createJsonDeserializer, type Deserializer } from '@naru/serializers';
import { createKafkaConsumer } from '../../consumer/create-kafka-consumer.js';
import type { HandlerContext } from '../../consumer/handling.js';
import type { ConsumerState, KafkaConsumer, KafkaConsumerOptions } from '../../consumer/kafka-consumer.js';
import type { ReceivedMessage } from '../../consumer/received-message.js';

/** A message with its value decoded. */
export interface DecodedMessage<T> {
  /** null for a tombstone. */
  readonly value: T | null;
  /** The key as text; null without one. */
  readonly key: string | null;
  readonly message: ReceivedMessage;
}

export interface ConsumerWrapperOptions<T> extends Omit<KafkaConsumerOptions, 'handler'> {
  /** Default JSON. */
  readonly deserializer?: Deserializer<T> | undefined;
  /** A message that cannot be decoded fails like one whose handler throws: it goes to the dead letters. */
  readonly handler: (decoded: DecodedMessage<T>, context: HandlerContext) => Promise<void> | void;
}

/** Decodes messages, JSON by default, and hands them to a handler; offsets are stored on its success. */
export class AsyncConsumerWrapper<T = unknown> {
  readonly #consumer: KafkaConsumer;

  constructor(options: ConsumerWrapperOptions<T>) {
    const { deserializer = createJsonDeserializer<T>(), handler, ...rest } = options;
    this.#consumer = createKafkaConsumer({
      ...rest,
      handler: async (message, context) => {
        const from = { topic: message.topic, headers: message.headers as Record<string, Buffer> };
        const pending = deserializer.prepare(message.value, from);
        if (pending) await pending;
        const value = deserializer.decode(message.value, from);
        await handler({ value, key: message.key?.toString() ?? null, message }, context);
      },
    });
  }

  get state(): ConsumerState {
    return this.#consumer.state;
  }

  start(): Promise<void> {
    return this.#consumer.start();
  }

  /** Lets the handlers finish, commits, leaves the group. Safe to call twice. */
  stop(): Promise<void> {
    return this.#consumer.close();
  }
}
