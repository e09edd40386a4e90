import { expect, test } from 'vitest';
import { createFormatPolicy, formatLineOf, formatOf } from './format-policy.js';
import { createTopicNames, realtimeTopics } from './topic-names.js';

test.each(['ws.command', 'ws.disconnection', 'ws.error', 'ws.dlq', 'ws.backpressure.events', 'monitoring.anything'])(
  '%s is JSON whatever a caller asks',
  (topic) => {
    expect(formatOf(topic)).toBe('json');
    expect(formatLineOf(topic).reason).not.toBe('');
  },
);

test.each(['ws.connect_success', 'ws.metrics', ...realtimeTopics()])('%s is Avro', (topic) => {
  expect(formatOf(topic)).toBe('avro');
});

test('a topic of somebody else is its caller’s decision', () => {
  expect(formatOf('orders')).toBe('caller');
  expect(formatOf('ws.commands')).toBe('caller');
});

test('follows renamed topics', () => {
  const policy = createFormatPolicy(createTopicNames({ error: 'blue.error', ticker: 'blue.ticker' }));
  expect(formatOf('blue.error', policy)).toBe('json');
  expect(formatOf('blue.ticker.na', policy)).toBe('avro');
  expect(formatOf('ws.error', policy)).toBe('caller');
});
