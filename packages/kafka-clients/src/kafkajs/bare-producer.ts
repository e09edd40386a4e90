import { Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import type { KafkaTransportOptions } from './connection-options.js';
import { saslForKafkajs } from './sasl.js';
import { translateError } from './translate-error.js';

/** kafkajs's own producer, one message at a time: the floor that a send can be measured against. */
export interface BareProducer {
  /** Resolves when the brokers have acknowledged the message: acks −1, no batching, nothing of ours in between. */
  send(topic: string, key: string, value: Buffer): Promise<void>;
  close(): Promise<void>;
}

/** @throws {KafkaClientError} `connection_failed` and whatever else connecting to Kafka may come to. */
export async function createBareProducer({
  brokers,
  ssl = false,
  sasl,
}: Pick<KafkaTransportOptions, 'brokers' | 'ssl' | 'sasl'>): Promise<BareProducer> {
  const kafka = new Kafka({
    brokers: [...brokers],
    clientId: 'naru-bare',
    ssl,
    ...(sasl && { sasl: saslForKafkajs(sasl) as NonNullable<KafkaConfig['sasl']> }),
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 100, retries: 2 },
  });
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  const translated = async <T>(doing: string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw translateError(error, doing);
    }
  };
  await translated('Connecting to Kafka failed', producer.connect());
  return {
    async send(topic, key, value) {
      await translated(`Writing to ${topic} failed`, producer.send({ topic, acks: -1, messages: [{ key, value }] }));
    },
    close: () => producer.disconnect(),
  };
}
