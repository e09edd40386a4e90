import { expect, test } from 'vitest';
import { completeConfig } from '../config/complete-config.js';
import { loadConfig, loadTopics } from './load-config.js';

test('servers, batches and buffers stay as configured, and nothing is shared with real streams', () => {
  const config = completeConfig({
    kafka: { brokers: ['kafka:9093'], groupId: 'fleet', tls: { ca: 'PEM' }, sasl: { mechanism: 'plain' } },
    registry: { url: 'https://registry', token: 'secret' },
    topics: { trade: 'ours.trade' },
    redis: { url: 'rediss://redis' },
    connections: { allowedHosts: ['elsewhere'], exchangeHosts: { upbit: ['mirror'] } },
    publishing: { maxBatchRecords: 7 },
    spool: { directory: '/var/spool/naru' },
  });
  const topics = loadTopics('load-1.');
  const loaded = loadConfig(config, {
    brokers: ['kafka:9093'],
    topics,
    groupId: 'load-1.gateway',
    simulatorHost: '127.0.0.1:7',
  });
  expect(loaded).toMatchObject({
    kafka: { tls: { ca: 'PEM' }, sasl: { mechanism: 'plain' }, groupId: 'load-1.gateway' },
    registry: { url: 'https://registry', token: 'secret' },
    redis: { url: 'memory' },
    connections: { allowedHosts: ['127.0.0.1:7'], exchangeHosts: {} },
    publishing: { maxBatchRecords: 7 },
    spool: { directory: undefined },
  });
  expect(Object.values(loaded.topics).every((topic) => topic.startsWith('load-1.'))).toBe(true);
  // It goes to another process as JSON.
  expect(completeConfig(JSON.parse(JSON.stringify(loaded)))).toEqual(loaded);
});
