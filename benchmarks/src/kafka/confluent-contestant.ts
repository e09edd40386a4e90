import { createRequire } from 'node:module';
import type { KafkaContestant } from './contestant.js';
import { keyOf, valuesOf } from './task.js';

interface ConfluentProducer {
  connect(): this;
  on(event: 'ready', listener: () => void): this;
  on(event: 'event.error', listener: (error: Error) => void): this;
  on(event: 'delivery-report', listener: (error: Error | null) => void): this;
  setPollInterval(ms: number): this;
  produce(topic: string, partition: null, value: Buffer, key: string): unknown;
}

interface Confluent {
  readonly librdkafkaVersion: string;
  readonly Producer: new (settings: object) => ConfluentProducer;
  readonly CODES: { readonly ERRORS: { readonly ERR__QUEUE_FULL: number } };
}

export const HOW_TO_GET_CONFLUENT =
  '@confluentinc/kafka-javascript was not found (it downloads or compiles native code, so it is no dependency here): npm install --prefix DIR @confluentinc/kafka-javascript, then NODE_PATH=DIR/node_modules';

/** From where NODE_PATH leads. */
export function loadConfluent(): Confluent | null {
  try {
    return createRequire(import.meta.url)('@confluentinc/kafka-javascript') as Confluent;
  } catch {
    return null;
  }
}

/** The callback API, which its manual calls the fastest, with the settings of the Python contestant. */
export const confluent: KafkaContestant = {
  async produce(task, stopwatch, goOn) {
    const library = loadConfluent();
    if (!library) throw new Error(HOW_TO_GET_CONFLUENT);
    const producer = new library.Producer({
      'bootstrap.servers': task.brokers.join(','),
      acks: -1,
      'enable.idempotence': true,
      'linger.ms': 5,
      'batch.size': 128 * 1024,
      'compression.type': task.compression,
      'queue.buffering.max.messages': 50_000,
      dr_cb: true,
    });
    await new Promise<void>((resolve, reject) => {
      producer.on('ready', resolve).on('event.error', reject).connect();
    });
    producer.setPollInterval(1);
    let failure: Error | undefined;
    producer.on('delivery-report', (error) => {
      if (error) failure = error;
      else stopwatch.count(1);
    });
    const values = valuesOf(task.valueBytes);
    for (let index = 0; goOn(); index += 1) {
      if (failure) throw failure;
      try {
        producer.produce(task.topic, null, values[index % values.length]!, keyOf(index));
      } catch (error) {
        if ((error as { code?: number }).code !== library.CODES.ERRORS.ERR__QUEUE_FULL) throw error;
        index -= 1;
        await new Promise((resolve) => setTimeout(resolve, 1));
        continue;
      }
      // Delivery reports need their turn.
      if (index % 500 === 0) await new Promise(setImmediate);
    }
  },
};
