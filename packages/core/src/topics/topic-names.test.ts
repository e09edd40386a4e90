import { expect, test } from 'vitest';
import { createTopicNames, realtimeTopic, realtimeTopics, topicNames } from './topic-names.js';

test('has the names of the specification by default', () => {
  expect(createTopicNames()).toEqual(topicNames);
  expect(realtimeTopic('ticker', 'korea')).toBe('realtime.ticker.korea');
  expect(realtimeTopics()).toHaveLength(12);
});

test('takes other names, also for market data', () => {
  const names = createTopicNames({ command: 'blue.command', trade: 'blue.trades' });
  expect(names.command).toBe('blue.command');
  expect(names.error).toBe('ws.error');
  expect(realtimeTopic('trade', 'eu', names)).toBe('blue.trades.eu');
});

test.each(['', '.', '..', 'a b', 'a'.repeat(250), 'ws/command'])('refuses %j, as Kafka would', (command) => {
  expect(() => createTopicNames({ command })).toThrow(/Topic "command" is named/);
});

test('refuses one name for two topics', () => {
  expect(() => createTopicNames({ dlq: 'ws.error' })).toThrow('Topics "error" and "dlq" are both named "ws.error"');
});
