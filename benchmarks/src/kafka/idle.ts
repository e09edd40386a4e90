import { createKafkaConsumer, createKafkaProducer, createKafkaTransport } from '@naru/kafka-clients';
import type { KafkaContestant } from './contestant.js';

/** A connected producer and a consumer in its group with nothing to do. The rate is that of CPU time to time. */
export const idle: KafkaContestant = {
  async produce(task, stopwatch, goOn) {
    const transport = createKafkaTransport({ brokers: task.brokers });
    const producer = createKafkaProducer({ transport });
    const consumer = createKafkaConsumer({
      transport,
      groupId: `idle-${task.topic}`,
      topics: [task.topic],
      handler: () => {},
    });
    await Promise.all([producer.connect(), consumer.start()]);
    stopwatch.count(0);
    while (goOn()) await new Promise((resolve) => setTimeout(resolve, 1_000));
  },
};
