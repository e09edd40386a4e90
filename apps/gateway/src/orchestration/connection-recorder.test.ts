import { silentLogger } from '@naru/core';
import { createManualClock } from '@naru/core/testing';
import { MemoryConnectionStorage, WebsocketConnectionCache } from '@naru/redis-cache';
import { expect, test } from 'vitest';
import type { Stream } from '../streams/stream.js';
import { createConnectionRecorder } from './connection-recorder.js';
import type { ConnectContext } from './stream-orchestrator.js';

const target = { exchange: 'upbit', region: 'korea', request_type: 'trade' } as const;
const context = { target, socketParams: { a: 1 } } as unknown as ConnectContext;
const streamOf = (symbols: readonly string[]): Stream =>
  ({ target, symbols, url: new URL('wss://example.com/') }) as unknown as Stream;

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
    onFailure: (_, error) => failures.push(error.message),
  });
  return { clock, storage, cache, recorder, failures };
}

test('writes the latest state, however many changes came while a write was under way', async () => {
  const { recorder, storage, cache } = setUp();
  const stream = streamOf(['KRW-BTC']);
  recorder.open(stream, context);
  recorder.record(stream, 'connected');
  recorder.record(stream, 'connecting');
  recorder.record(stream, 'connected');
  await recorder.idle();
  expect(storage.writes).toBe(2);
  expect(await cache.getConnectionSpec(target)).toMatchObject({ status: 'connected', socketParams: { a: 1 } });
});

test('a state that is the same is not written again', async () => {
  const { recorder, storage } = setUp();
  const stream = streamOf(['KRW-BTC']);
  recorder.open(stream, context);
  await recorder.idle();
  recorder.record(stream, 'connecting');
  await recorder.idle();
  expect(storage.writes).toBe(1);
});

test('a refresh keeps what is open from expiring', async () => {
  const { recorder, cache, clock } = setUp();
  const stream = streamOf(['KRW-BTC']);
  recorder.open(stream, context);
  await recorder.idle();
  await clock.advance(3_000_000);
  recorder.refresh();
  await recorder.idle();
  await clock.advance(3_000_000);
  expect(await cache.getConnectionSpec(target)).toBeDefined();
});

test('a closed stream leaves nothing, also when its last write is still under way', async () => {
  const { recorder, cache } = setUp();
  const stream = streamOf(['KRW-BTC']);
  recorder.open(stream, context);
  recorder.close(stream);
  await recorder.idle();
  expect(await cache.getConnectionSpec(target)).toBeUndefined();
});

test('a store that is away is told and heals with the next write', async () => {
  const { recorder, cache, storage, failures } = setUp();
  const stream = streamOf(['KRW-BTC']);
  storage.away = true;
  recorder.open(stream, context);
  await recorder.idle();
  expect(failures).toEqual(['redis is away']);
  storage.away = false;
  recorder.refresh();
  await recorder.idle();
  expect(await cache.getConnectionSpec(target)).toBeDefined();
});
