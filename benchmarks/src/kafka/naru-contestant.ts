import { randomUUID } from 'node:crypto';
import {
  createKafkaConsumer,
  createKafkaProducer,
  createKafkaTransport,
  type KafkaProducer,
} from '@naru/kafka-clients';
import type { KafkaContestant } from './contestant.js';
import type { Stopwatch } from './stopwatch.js';
import { type KafkaTask, keyOf, valuesOf } from './task.js';

async function connect(task: KafkaTask, lingerMs: number, idempotent: boolean): Promise<KafkaProducer> {
  const producer = createKafkaProducer({
    transport: createKafkaTransport({ brokers: task.brokers }),
    lingerMs,
    idempotent,
    compression: task.compression,
    maxQueuedMessages: 50_000,
    maxQueuedBytes: 64 * 1024 * 1024,
  });
  await producer.connect();
  return producer;
}

async function produce(task: KafkaTask, stopwatch: Stopwatch, goOn: () => boolean, idempotent: boolean): Promise<void> {
  const producer = await connect(task, 5, idempotent);
  const values = valuesOf(task.valueBytes);
  const onDelivery = (error: Error | null): void => {
    if (error) throw error;
    stopwatch.count(1);
  };
  for (let index = 0; goOn(); index += 1) {
    const wait = producer.send(
      { topic: task.topic, key: keyOf(index), value: values[index % values.length]! },
      onDelivery,
    );
    if (wait) await wait;
    // The callbacks of what is acknowledged need their turn too.
    else if (index % 2_000 === 0) await new Promise(setImmediate);
  }
  await producer.close();
}

/** This package, idempotent as it is by default. */
export const naru: KafkaContestant = {
  produce: (task, stopwatch, goOn) => produce(task, stopwatch, goOn, true),

  async latency(task, stopwatch, goOn) {
    const producer = await connect(task, 0, true);
    const [value] = valuesOf(task.valueBytes);
    for (let index = 0; goOn(); index += 1) {
      const from = performance.now();
      await producer.sendAndWait({ topic: task.topic, key: keyOf(index), value: value! });
      stopwatch.latency(performance.now() - from);
      stopwatch.count(1);
    }
    await producer.close();
  },

  async consume(task, stopwatch) {
    await new Promise<void>((resolve, reject) => {
      let read = 0;
      const consumer = createKafkaConsumer({
        transport: createKafkaTransport({ brokers: task.brokers }),
        groupId: randomUUID(),
        topics: [task.topic],
        fromBeginning: true,
        maxQueuedPerPartition: 10_000,
        handler: () => {
          if (read === 0) stopwatch.start();
          read += 1;
          stopwatch.count(1);
          if (read === task.records) resolve();
        },
      });
      consumer.start().catch(reject);
    });
  },
};

/** Without sequence numbers, as stock kafkajs sends by default. */
export const naruPlain: KafkaContestant = {
  produce: (task, stopwatch, goOn) => produce(task, stopwatch, goOn, false),
};
