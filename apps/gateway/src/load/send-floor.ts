import type { KafkaTransportOptions } from '@naru/kafka-clients';
import { createBareProducer } from '@naru/kafka-clients/testing';
import { createLatency, type LatencySummary } from '../publishing/latency.js';

/**
 * kafkajs's own producer, beside the gateway and on the same brokers: one message at a time, a pause between. What it
 * waits for an acknowledgement is the floor under whatever waits for the same brokers.
 */
export interface SendFloor extends AsyncDisposable {
  /** Waits since the last call; null when no send has ended. */
  take(): LatencySummary | null;
}

/** About the size of a published trade. */
const messageBytes = 200;
const pauseMs = 20;

export async function measureSendFloor(connection: KafkaTransportOptions, topic: string): Promise<SendFloor> {
  const producer = await createBareProducer(connection);
  const latency = createLatency();
  const value = Buffer.alloc(messageBytes, 'x');
  let closed = false;
  const sending = (async () => {
    for (let turn = 0; !closed; turn += 1) {
      const startedAt = performance.now();
      // A send that failed is no wait; the gateway's own accounts tell what the brokers refused.
      const sent = await producer.send(topic, `floor-${turn % 100}`, value).then(
        () => true,
        () => false,
      );
      if (sent) latency.record(performance.now() - startedAt);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  })();
  return {
    take() {
      const summary = latency.summary();
      latency.take();
      return summary;
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      await sending;
      await producer.close();
    },
  };
}
