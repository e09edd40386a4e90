import { createManualClock, type ManualClock } from '@naru/core/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ConnectionScope } from '../connection-scope.js';
import { MemoryConnectionStorage } from './memory-connection-storage.js';
import { WebsocketConnectionCache } from './websocket-connection-cache.js';

const scope = { exchange: 'upbit', region: 'korea', request_type: 'ticker' };
const spec = { url: 'wss://h/', symbols: ['KRW-BTC'] };
const on = (exchange: string): ConnectionScope => ({ ...scope, exchange });

let clock: ManualClock;
let storage: MemoryConnectionStorage;
let cache: WebsocketConnectionCache;
beforeEach(() => {
  clock = createManualClock(1_700_000_000_000);
  storage = new MemoryConnectionStorage(clock);
  cache = new WebsocketConnectionCache(storage, { ttlSeconds: 60 });
});

describe('what is damaged', () => {
  const told = {
    code: 'damaged_value',
    message:
      'What is stored for upbit/korea/ticker was not written by this package. Look at its keys; removeConnection or setConnectionSpec replaces it.',
  };

  test('is told by reading', async () => {
    storage.read = async () => 'damaged';
    await expect(cache.getConnectionSpec(scope)).rejects.toMatchObject(told);
  });

  test('is told by changing', async () => {
    storage.update = async () => ({ outcome: 'damaged' });
    storage.changeSymbols = async () => ({ outcome: 'damaged' });
    await expect(cache.updateState(scope)).rejects.toMatchObject(told);
    await expect(cache.mergeSymbols(scope, ['x'])).rejects.toMatchObject(told);
  });

  test('is left out of lists, as is what expired meanwhile', async () => {
    for (const exchange of ['c', 'a', 'b', 'd']) await cache.setConnectionSpec(on(exchange), spec);
    const { read } = storage;
    storage.read = async (asked) => {
      if (asked.exchange === 'a') return 'damaged';
      if (asked.exchange === 'b') return 'missing';
      const found = await read.call(storage, asked);
      return asked.exchange === 'c' && typeof found === 'object' ? { ...found, symbols: [] } : found;
    };
    expect((await cache.listConnections()).map(({ exchange }) => exchange)).toEqual(['d']);
  });

  test('is not confused with a storage that fails', async () => {
    await cache.setConnectionSpec(scope, spec);
    const broken = new Error('broken');
    storage.read = async () => {
      throw broken;
    };
    await expect(cache.listConnections()).rejects.toBe(broken);
    storage.read = async () => ({
      fields: new Proxy(
        {},
        {
          get: () => {
            throw broken;
          },
        },
      ),
      symbols: [],
      expiresInMs: 1,
    });
    await expect(cache.listConnections()).rejects.toBe(broken);
  });
});

test('lists scopes in the order of their keys', async () => {
  for (const exchange of ['okx', 'binance', 'upbit', 'bithumb']) await cache.setConnectionSpec(on(exchange), spec);
  expect((await cache.listScopes()).map(({ exchange }) => exchange)).toEqual(['binance', 'bithumb', 'okx', 'upbit']);
});

test('changes each part of an entry that is said, and no other', async () => {
  await cache.setConnectionSpec(scope, spec);
  await cache.updateState(scope, { url: 'wss://other/' });
  await cache.updateState(scope, { socketParams: [1] });
  await cache.updateState(scope, { connectionId: 'c2' });
  await cache.updateState(scope, { status: 'connected' });
  expect(await cache.getConnectionSpec(scope)).toMatchObject({
    url: 'wss://other/',
    socketParams: [1],
    connectionId: 'c2',
    status: 'connected',
  });
});

test('merges and removes symbols', async () => {
  const changes: string[] = [];
  const { changeSymbols } = storage;
  storage.changeSymbols = (asked, change, ...others) => {
    changes.push(change);
    return changeSymbols.call(storage, asked, change, ...others);
  };
  await cache.setConnectionSpec(scope, spec);
  await cache.mergeSymbols(scope, ['KRW-ETH']);
  await cache.removeSymbols(scope, ['KRW-BTC']);
  await cache.replaceSymbols(scope, ['KRW-XRP']);
  expect(changes).toEqual(['merge', 'remove', 'replace']);
});

test('says what is missing, and who owns what', async () => {
  await expect(cache.updateState(scope)).rejects.toMatchObject({
    code: 'not_found',
    message: 'No connection is cached for upbit/korea/ticker. Call setConnectionSpec first.',
  });
  await cache.setConnectionSpec(scope, spec, { token: 7 });
  await expect(cache.updateState(scope, {}, { token: 6 })).rejects.toMatchObject({
    code: 'stale_token',
    message: expect.stringMatching(
      /^upbit\/korea\/ticker is owned under token 7; this write carries an older one or none\./,
    ),
  });
});

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses the token %s', async (token) => {
  await expect(cache.setConnectionSpec(scope, spec, { token })).rejects.toMatchObject({
    code: 'invalid_argument',
    message: `token is ${token}; it must be a fencing token as a lease gives it.`,
  });
  await cache.setConnectionSpec(scope, spec, { token: 1 });
});

test('keeps an entry for its seconds after the last write', async () => {
  await cache.setConnectionSpec(scope, spec);
  await clock.advance(30_000);
  expect(await cache.getConnectionSpec(scope)).toMatchObject({ expiresInMs: 30_000 });
  await cache.updateState(scope);
  await clock.advance(59_999);
  expect(await cache.getConnectionSpec(scope)).toMatchObject({ expiresInMs: 1 });
  await clock.advance(1);
  expect(await cache.getConnectionSpec(scope)).toBeUndefined();
  expect(() => new WebsocketConnectionCache(storage, { ttlSeconds: 0 })).toThrow('ttlSeconds is 0');
});

test('a fence ends with its time, to the millisecond, and a sweep leaves those that still count', async () => {
  await cache.setConnectionSpec(scope, spec, { token: 7 });
  await cache.removeConnection(scope, { token: 7 });
  await clock.advance(59_999);
  await cache.setConnectionSpec(on('okx'), spec);
  await expect(cache.setConnectionSpec(scope, spec)).rejects.toMatchObject({ code: 'stale_token' });
  await clock.advance(1);
  await cache.setConnectionSpec(scope, spec);
});
