import { randomUUID } from 'node:crypto';
import kafkajs, { type Producer } from 'kafkajs';
import { compressFrame, decompressFrame } from 'lz4-napi';
import type { KafkaContestant } from './contestant.js';
import { type KafkaTask, keyOf, valuesOf } from './task.js';

const { CompressionCodecs, CompressionTypes, Kafka, logLevel, Partitioners } = kafkajs;

/** kafkajs has only gzip of its own. */
CompressionCodecs[CompressionTypes.LZ4] = () => ({
  compress: (encoder: { readonly buffer: Buffer }) => compressFrame(encoder.buffer),
  decompress: (bytes: Buffer) => decompressFrame(bytes),
});

const compressionOf = { none: CompressionTypes.None, gzip: CompressionTypes.GZIP, lz4: CompressionTypes.LZ4 } as const;

const client = (task: KafkaTask) => new Kafka({ brokers: [...task.brokers], logLevel: logLevel.NOTHING });

async function connect(task: KafkaTask): Promise<Producer> {
  const producer = client(task).producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  return producer;
}

const BATCH = 500;
const CONCURRENT = 1_000;

/** `sendBatch` with 500 messages of one topic at a time. */
export const sendBatch: KafkaContestant = {
  async produce(task, stopwatch, goOn) {
    const producer = await connect(task);
    const values = valuesOf(task.valueBytes);
    for (let from = 0; goOn(); from += BATCH) {
      const messages = Array.from({ length: BATCH }, (_, index) => ({
        key: keyOf(from + index),
        value: values[(from + index) % values.length]!,
      }));
      await producer.sendBatch({
        compression: compressionOf[task.compression],
        topicMessages: [{ topic: task.topic, messages }],
      });
      stopwatch.count(BATCH);
    }
    await producer.disconnect();
  },
};

/** A thousand `send` of one message each under way at any time. */
export const concurrentSends: KafkaContestant = {
  async produce(task, stopwatch, goOn) {
    const producer = await connect(task);
    const values = valuesOf(task.valueBytes);
    let index = 0;
    const sendOnAndOn = async (): Promise<void> => {
      while (goOn()) {
        index += 1;
        await producer.send({
          topic: task.topic,
          compression: compressionOf[task.compression],
          messages: [{ key: keyOf(index), value: values[index % values.length]! }],
        });
        stopwatch.count(1);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENT }, sendOnAndOn));
    await producer.disconnect();
  },
};

/** `await send` of one message after the other. */
export const oneByOne: KafkaContestant = {
  async latency(task, stopwatch, goOn) {
    const producer = await connect(task);
    const [value] = valuesOf(task.valueBytes);
    for (let index = 0; goOn(); index += 1) {
      const from = performance.now();
      await producer.send({ topic: task.topic, messages: [{ key: keyOf(index), value: value! }] });
      stopwatch.latency(performance.now() - from);
      stopwatch.count(1);
    }
    await producer.disconnect();
  },

  async consume(task, stopwatch) {
    const consumer = client(task).consumer({ groupId: randomUUID() });
    await consumer.connect();
    await consumer.subscribe({ topics: [task.topic], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      let read = 0;
      consumer
        .run({
          eachMessage: async () => {
            if (read === 0) stopwatch.start();
            read += 1;
            stopwatch.count(1);
            if (read === task.records) resolve();
          },
        })
        .catch(reject);
    });
  },
};
