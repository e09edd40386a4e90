import {
  backpressureEventSchema,
  connectSuccessSchema,
  createChecker,
  errorEventSchema,
  silentLogger,
  topicNames,
} from '@naru/core';
import { createManualClock } from '@naru/core/testing';
import { KafkaClientError, type OnDelivery, type ProducerMessage } from '@naru/kafka-clients';
import { expect, test } from 'vitest';
import { GatewayError } from '../gateway-error.js';
import { createEventPublisher } from './event-publisher.js';

const target = { exchange: 'upbit', region: 'korea', request_type: 'trade' } as const;

function setUp() {
  const sent: ProducerMessage[] = [];
  const logged: string[] = [];
  let onDelivery: OnDelivery | undefined;
  const events = createEventPublisher({
    producer: {
      send: (message, delivery) => {
        sent.push(message);
        onDelivery = delivery;
        return undefined;
      },
    },
    topics: topicNames,
    encodeConnectSuccess: (event) => Buffer.from(JSON.stringify(event)),
    clock: createManualClock(Date.parse('2026-01-02T03:04:05Z')),
    logger: { ...silentLogger, error: (message) => logged.push(message) },
  });
  const body = (): unknown => JSON.parse(String(sent.at(-1)?.value));
  return { events, sent, logged, body, deliver: (error: KafkaClientError) => onDelivery?.(error, null) };
}

test('a proof is acknowledged by symbol, under the command that asked', () => {
  const { events, sent, body } = setUp();
  events.confirmed(target, 'KRW-BTC', 'c-1');
  expect(sent[0]).toMatchObject({
    topic: 'ws.connect_success',
    key: 'upbit|korea|trade|KRW-BTC',
    headers: { 'correlation-id': 'c-1' },
  });
  expect(createChecker(connectSuccessSchema).parse(body())).toMatchObject({
    ok: true,
    value: { symbol: 'KRW-BTC', timestamp_utc: '2026-01-02T03:04:05.000Z', meta: { correlation_id: 'c-1' } },
  });
});

test('a failure is classified and says its own code and what to do', () => {
  const { events, sent, body } = setUp();
  events.failed({
    boundary: 'ws_connection',
    error: new GatewayError('connect_failed', 'refused'),
    target,
    correlationId: 'c',
  });
  expect(sent[0]).toMatchObject({ topic: 'ws.error', key: 'upbit/korea/trade' });
  expect(createChecker(errorEventSchema).parse(body())).toMatchObject({
    ok: true,
    value: {
      target,
      error: {
        error_domain: 'connection',
        error_code: 'connect_failed',
        error_message: { message: 'refused', code: 'connect_failed', retryable: false },
      },
      meta: { correlation_id: 'c', observed_key: 'upbit/korea/trade' },
    },
  });
});

test('a failure that belongs to no stream has no key, and a long message is cut', () => {
  const { events, sent, body } = setUp();
  events.failed({ boundary: 'command', error: new Error('x'.repeat(10_000)) });
  expect(sent[0]?.key).toBeNull();
  expect(JSON.stringify(body()).length).toBeLessThan(3_000);
});

test('marks of a queue are told, other events of a producer are not', () => {
  const { events, sent, body } = setUp();
  const status = {
    queue_size: 16_000,
    queue_max_size: 20_000,
    usage_percent: 80,
    is_throttled: true,
    high_watermark: 16_000,
    low_watermark: 4_000,
    queue_bytes: 1,
    queue_max_bytes: 2,
  };
  events.backpressure({ type: 'backpressure_activated', producerName: 'records', status });
  expect(sent[0]).toMatchObject({ topic: 'ws.backpressure.events', key: 'records' });
  expect(createChecker(backpressureEventSchema).parse(body())).toMatchObject({
    ok: true,
    value: { action: 'backpressure_activated', status: { is_throttled: true } },
  });
  events.backpressure({ type: 'queue_full', producerName: 'records', topic: 't', dropped: false });
  expect(sent).toHaveLength(1);
});

test('an event that cannot be delivered is logged and nothing more', () => {
  const { events, logged, deliver } = setUp();
  events.confirmed(target, 'KRW-BTC', undefined);
  deliver(new KafkaClientError('away', { code: 'delivery_timeout' }));
  expect(logged).toEqual(['event not delivered']);
});
