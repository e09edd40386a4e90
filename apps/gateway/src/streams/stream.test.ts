import { silentLogger } from '@naru/core';
import { createManualClock } from '@naru/core/testing';
import { exchanges } from '@naru/exchanges';
import { expect, test } from 'vitest';
import { createRecordPublisher } from '../publishing/record-publisher.js';
import { upbitTrades as target, upbitAddress } from '../testing/upbit-trades.js';
import type { Dial } from './dial.js';
import { Stream } from './stream.js';

/** A stream with a socket for each symbol; only the first one's other side answers a closing handshake. */
function setUp() {
  const clock = createManualClock(1_700_000_000_000);
  const upbit = exchanges.get('upbit');
  const terminated: boolean[] = [];
  const dial: Dial = async (_url, handlers) => {
    const at = terminated.push(false) - 1;
    return {
      start: () => {},
      send: () => {},
      ping: () => {},
      bufferedBytes: 0,
      close: () => at === 0 && handlers.onClose(1000, ''),
      terminate() {
        terminated[at] = true;
        queueMicrotask(() => handlers.onClose(1006, ''));
      },
    };
  };
  const stream = new Stream({
    target,
    adapter: { ...upbit, limits: { ...upbit.limits, symbolsPerSocket: 1 } },
    url: new URL(upbitAddress),
    publisher: createRecordPublisher({
      target,
      topic: 'records',
      delivery: { send: () => {} },
      encode: () => Buffer.alloc(0),
      instanceId: 'i',
      clock,
      maxBatchRecords: 1,
      maxBatchWaitMs: 20,
      onLost: () => {},
    }),
    listener: {
      onConfirmed: () => {},
      onRefused: () => {},
      onOpened: () => {},
      onUnconfirmed: () => {},
      onTrouble: () => {},
    },
    mayReceive: () => true,
    clock,
    logger: silentLogger,
    connection: {
      dial,
      fetchSnapshot: () => Promise.reject(new Error('no snapshots here')),
      admit: (attempt) => attempt(),
      proofTimeoutMs: 10_000,
    },
  });
  return { clock, stream, terminated };
}

test('closing waits also for the sockets that were given up before', async () => {
  const { clock, stream, terminated } = setUp();
  void stream.want(['KRW-BTC', 'KRW-ETH']);
  await clock.advance(0);
  void stream.want(['KRW-BTC']);
  await clock.advance(0);
  let closed = false;
  const closing = stream.close().then(() => {
    closed = true;
  });
  await clock.advance(900);
  expect([terminated, closed]).toEqual([[false, false], false]);
  await clock.advance(100);
  await closing;
  expect(terminated).toEqual([false, true]);
});

test('dropping ends also the sockets that are closing', async () => {
  const { clock, stream, terminated } = setUp();
  void stream.want(['KRW-BTC', 'KRW-ETH']);
  await clock.advance(0);
  void stream.want(['KRW-BTC']);
  await clock.advance(0);
  stream.drop();
  // The first one was closed by then.
  expect(terminated).toEqual([false, true]);
});
