import { silentLogger } from '@naru/core';
import { createManualClock } from '@naru/core/testing';
import { MemoryConnectionStorage, WebsocketConnectionCache } from '@naru/redis-cache';
import { expect, test } from 'vitest';
import type { Stream } from '../streams/stream.js';
import type { ConnectContext } from './connect-context.js';
import { createConnectionRecorder } from './connection-recorder.js';

const target = { exchange: 'upbit', region: 'korea', request_type: 'trade' } as const;
const context: ConnectContext = {
  target,
  symbols: ['KRW-BTC'],
  url: 'wss://example.com/',
  socketParams: { a: 1 },
  projection: ['trade_price'],
  correlationId: 'c-1',
};
const newStream = (): Stream => ({ target, url: new URL('wss://example.com/') }) as unknown as Stream;

/** A storage that counts its writes and fails while it is away. */
class CountingStorage extends MemoryConnectionStorage {
  writes = 0;
  away = false;

  override async write(...parts: Parameters<MemoryConnectionStorage['write']>) {
    this.writes += 1;
    if (this.away) throw new Error('redis is away');
    return super.write(...parts);
  }
}

function setUp() {
  const clock = createManualClock(1_700_000_000_000);
  const storage = new CountingStorage(clock);
  const cache = new WebsocketConnectionCache(storage);
  const failures: string[] = [];
  const recorder = createConnectionRecorder({
    cache,
    logger: silentLogger,
    onFailure: (_, error) => failures.push((error as { code?: string }).code ?? error.message),
  });
  return { clock, storage, cache, recorder, failures };
}

test('writes the latest state, however many changes came while a write was under way', async () => {
  const { recorder, storage, cache } = setUp();
  const stream = newStream();
  recorder.describe(stream, context, 5);
  recorder.record(stream, 'connected');
  recorder.record(stream, 'connecting');
  recorder.record(stream, 'connected');
  await recorder.written(stream);
  expect(storage.writes).toBe(2);
  expect(await cache.getConnectionSpec(target)).toMatchObject({
    status: 'connected',
    socketParams: { a: 1 },
    projection: ['trade_price'],
    correlationId: 'c-1',
    ownerToken: 5,
  });
});

test('a state that is the same is not written again', async () => {
  const { recorder, storage } = setUp();
  const stream = newStream();
  recorder.describe(stream, context, 5);
  await recorder.idle();
  recorder.record(stream, 'connecting');
  await recorder.idle();
  expect(storage.writes).toBe(1);
});

test('a stream that changed is described anew, under the lease it is open under then', async () => {
  const { recorder, cache } = setUp();
  const stream = newStream();
  recorder.describe(stream, context, 5);
  recorder.describe(stream, { ...context, symbols: ['KRW-ETH'], projection: null }, 6);
  await recorder.written(stream);
  expect(await cache.getConnectionSpec(target)).toMatchObject({
    symbols: ['KRW-ETH'],
    projection: null,
    ownerToken: 6,
  });
});

test('a refresh keeps what is open from expiring', async () => {
  const { recorder, cache, clock } = setUp();
  recorder.describe(newStream(), context, 5);
  await recorder.idle();
  await clock.advance(3_000_000);
  recorder.refresh();
  await recorder.idle();
  await clock.advance(3_000_000);
  expect(await cache.getConnectionSpec(target)).toBeDefined();
});

test('a removal leaves nothing, also when the last write is still under way, and keeps older owners from writing', async () => {
  const { recorder, cache, failures } = setUp();
  const stream = newStream();
  recorder.describe(stream, context, 5);
  expect(await recorder.remove(target, 5)).toBe(true);
  expect(await cache.getConnectionSpec(target)).toBeUndefined();
  expect(await recorder.remove(target, 6)).toBe(false);
  recorder.describe(newStream(), context, 5);
  await recorder.idle();
  expect(failures).toEqual(['stale_token']);
});

test('a removal that cannot be made is told to whoever asked', async () => {
  const { recorder, cache } = setUp();
  await cache.setConnectionSpec(target, { url: context.url, symbols: context.symbols }, { token: 9 });
  await expect(recorder.remove(target, 5)).rejects.toMatchObject({ code: 'stale_token' });
});

test('what is left behind is disconnected, for whoever opens it next', async () => {
  const { recorder, cache, storage } = setUp();
  const stream = newStream();
  recorder.describe(stream, context, 5);
  recorder.record(stream, 'connected');
  await recorder.leave(stream);
  expect(await cache.getConnectionSpec(target)).toMatchObject({ status: 'disconnected', symbols: ['KRW-BTC'] });
  const { writes } = storage;
  recorder.record(stream, 'connected');
  recorder.refresh();
  await recorder.idle();
  expect(storage.writes).toBe(writes);
});

test('a stream that was forgotten is another member’s: nothing is written or told of it any more', async () => {
  const { recorder, cache, storage, failures } = setUp();
  const stream = newStream();
  recorder.describe(stream, context, 5);
  recorder.record(stream, 'connected');
  recorder.forget(stream);
  await cache.setConnectionSpec(target, { url: context.url, symbols: ['KRW-XRP'] }, { token: 6 });
  await recorder.idle();
  recorder.refresh();
  await recorder.idle();
  expect(await cache.getConnectionSpec(target)).toMatchObject({ symbols: ['KRW-XRP'], ownerToken: 6 });
  expect(storage.writes).toBe(2);
  expect(failures).toEqual([]);
});

test('a store that is away is told and heals with the next write', async () => {
  const { recorder, cache, storage, failures } = setUp();
  storage.away = true;
  const stream = newStream();
  recorder.describe(stream, context, 5);
  await recorder.idle();
  expect(failures).toEqual(['redis is away']);
  expect(await recorder.written(stream)).toMatchObject({ message: 'redis is away' });
  storage.away = false;
  recorder.refresh();
  await recorder.idle();
  expect(await recorder.written(stream)).toBeUndefined();
  expect(await cache.getConnectionSpec(target)).toBeDefined();
});
