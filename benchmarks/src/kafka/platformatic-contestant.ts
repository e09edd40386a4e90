import { createRequire } from 'node:module';
import type { KafkaContestant } from './contestant.js';
import { keyOf, valuesOf } from './task.js';

interface PlatformaticProducer {
  send(options: {
    readonly messages: readonly { readonly topic: string; readonly key: string; readonly value: Buffer }[];
    readonly acks: number;
    readonly compression: string;
  }): Promise<unknown>;
  close(): Promise<void>;
}

interface Platformatic {
  readonly Producer: new (options: object) => PlatformaticProducer;
  readonly serializersFrom: (serializer: unknown) => unknown;
  readonly stringSerializer: unknown;
  readonly ProduceAcks: { readonly ALL: number };
}

/** Among our dependencies, or where NODE_PATH leads. */
function loadPlatformatic(): Platformatic | null {
  try {
    return createRequire(import.meta.url)('@platformatic/kafka') as Platformatic;
  } catch {
    return null;
  }
}

const BATCH = 500;

/** `send` with 500 messages at a time, as it has no linger of its own. */
export const platformatic: KafkaContestant = {
  async produce(task, stopwatch, goOn) {
    const library = loadPlatformatic();
    if (!library) throw new Error('@platformatic/kafka is not installed.');
    const text = {
      key: library.stringSerializer,
      value: (value: Buffer) => value,
      headerKey: library.stringSerializer,
      headerValue: library.stringSerializer,
    };
    const producer = new library.Producer({
      clientId: 'bench',
      bootstrapBrokers: [...task.brokers],
      serializers: text,
    });
    const values = valuesOf(task.valueBytes);
    for (let from = 0; goOn(); from += BATCH) {
      await producer.send({
        acks: library.ProduceAcks.ALL,
        compression: task.compression,
        messages: Array.from({ length: BATCH }, (_, index) => ({
          topic: task.topic,
          key: keyOf(from + index),
          value: values[(from + index) % values.length]!,
        })),
      });
      stopwatch.count(BATCH);
    }
    await producer.close();
  },
};
