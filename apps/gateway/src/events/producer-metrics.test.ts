import { createChecker, producerMetricsSchema } from '@naru/core';
import { createManualClock } from '@naru/core/testing';
import { KafkaClientError, type ProducerEvent, type QueueStatus } from '@naru/kafka-clients';
import { expect, test } from 'vitest';
import { createProducerMetricsReporter } from './producer-metrics.js';

function setUp(isThrottled = false) {
  const clock = createManualClock(1_700_000_000_000);
  const sent: Record<string, unknown>[] = [];
  const report = createProducerMetricsReporter({
    producer: {
      send: ({ value }) => {
        sent.push(JSON.parse(String(value)));
        return undefined;
      },
      queueStatus: { is_throttled: isThrottled } as QueueStatus,
    },
    queueDepth: () => 1_234,
    topic: 'ws.metrics',
    encode: (event) => Buffer.from(JSON.stringify(event)),
    clock,
  });
  return { clock, sent, report };
}

const about = { producerName: 'records', topic: 'realtime.trade.korea', partition: 2, messages: 7 };
const delivered: ProducerEvent = {
  ...about,
  type: 'batch_delivered',
  bytes: 900,
  baseOffset: '41',
  latencyMs: 3.5,
  possiblyDuplicated: false,
};
const error = new KafkaClientError('The broker is away.', { code: 'connection_failed', retryable: true });

test('each kind of event in the words of the topic', () => {
  const { sent, report } = setUp();
  report(delivered);
  report({ ...about, type: 'buffer_retry', error });
  report({ ...about, type: 'batch_failed', error });
  report({ producerName: 'records', topic: 'realtime.trade.korea', type: 'queue_full', dropped: false });
  expect(sent).toMatchObject([
    {
      event_type: 'DELIVERY_SUCCESS',
      producer_class: 'records',
      partition: 2,
      offset: '41',
      delivery_latency_ms: 3.5,
      queue_depth: 1_234,
    },
    { event_type: 'BUFFER_RETRY', error_code: 'connection_failed', queue_depth: 1_234, success: false },
    { event_type: 'DELIVERY_FAILURE', error_message: 'The broker is away.', queue_depth: 1_234, success: false },
    { event_type: 'QUEUE_FULL', queue_depth: 1_234, success: false },
  ]);
  for (const event of sent) expect(createChecker(producerMetricsSchema).check(event)).toBe(true);
});

test('one of a kind and topic in ten seconds, however many there are', async () => {
  const { sent, report, clock } = setUp();
  for (let count = 0; count < 100; count += 1) report(delivered);
  report({ ...delivered, topic: 'realtime.trade.asia' });
  expect(sent).toHaveLength(2);
  await clock.advance(10_000);
  report(delivered);
  expect(sent).toHaveLength(3);
});

test('nothing while events themselves are held up', () => {
  const { sent, report } = setUp(true);
  report(delivered);
  expect(sent).toEqual([]);
});
