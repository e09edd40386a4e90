import { expect, test } from 'vitest';
import { commandIssuedAt, isCommandExpired, momentToUnixMs } from './command-age.js';
import type { ConnectAndSubscribe } from './connect-and-subscribe.js';

const command: ConnectAndSubscribe = {
  type: 'status',
  action: 'connect_and_subscribe',
  target: { exchange: 'upbit', region: 'korea', request_type: 'ticker' },
  symbols: ['KRW-BTC'],
  connection: { url: 'wss://api.upbit.com/websocket/v1', socket_params: [] },
};

test('a moment is the same in all its notations', () => {
  for (const moment of [
    '2024-10-31T01:07:42.082Z',
    '2024-10-31T10:07:42.082+09:00',
    1_730_336_862_082,
    1_730_336_862.082,
  ]) {
    expect(momentToUnixMs(moment)).toBeCloseTo(1_730_336_862_082, 3);
  }
});

test('the time of issue counts before the timestamp', () => {
  expect(commandIssuedAt({ ...command, ts_issue: 1_730_336_862_082, timestamp: 5 })).toBe(1_730_336_862_082);
  expect(commandIssuedAt({ ...command, timestamp: 1_730_336_862_082 })).toBe(1_730_336_862_082);
  expect(commandIssuedAt(command)).toBeUndefined();
});

test('a command expires when it is older than its time to live, not sooner', () => {
  const issued = { ...command, ttl_ms: 5_000, ts_issue: 1_730_336_862_082 };
  expect(isCommandExpired(issued, 1_730_336_867_082)).toBe(false);
  expect(isCommandExpired(issued, 1_730_336_867_083)).toBe(true);
  expect(isCommandExpired({ ...issued, ttl_ms: undefined }, 1e15)).toBe(false);
});

test('one that does not say when it was issued is measured from its message', () => {
  const silent = { ...command, ttl_ms: 5_000 };
  expect(isCommandExpired(silent, 10_000, 4_000)).toBe(true);
  expect(isCommandExpired(silent, 10_000)).toBe(false);
});
