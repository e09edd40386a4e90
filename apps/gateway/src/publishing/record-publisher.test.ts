import type { MarketRecord, Target } from '@naru/core';
import { createManualClock } from '@naru/core/testing';
import { expect, test } from 'vitest';
import type { Parcel } from './parcel.js';
import { createRecordPublisher } from './record-publisher.js';

function setUp(request_type: Target['request_type'], instanceId = 'one') {
  const clock = createManualClock(1_700_000_000_000);
  const parcels: Parcel[] = [];
  const lost: [reason: string, code: string, records: number][] = [];
  const publisher = createRecordPublisher({
    target: { exchange: 'okx', region: 'asia', request_type },
    topic: 'records',
    delivery: { send: (parcel) => parcels.push(parcel) },
    encode: (batch) => {
      const text = JSON.stringify(batch);
      if (text.includes('poison')) throw new Error('cannot be encoded');
      return Buffer.from(text);
    },
    instanceId,
    clock,
    maxBatchRecords: 2,
    maxBatchWaitMs: 20,
    onLost: ({ code, records }, reason) => lost.push([reason, code, records]),
  });
  const put = (record: Partial<Record<string, unknown>>, epoch = 1): void =>
    publisher.publish(
      [{ code: 'USDT-BTC', received_at: clock.now() / 1_000, ...record } as unknown as MarketRecord],
      'c#0',
      epoch,
    );
  const ids = (): unknown[] => parcels.map(({ message }) => message.headers?.['naru-event-id']);
  return { clock, parcels, lost, publisher, put, ids };
}

const trade = (id: number) => ({ sequential_id: String(id), trade_timestamp: id });

test('the event id of trades is that of the exchange, whoever received them', async () => {
  const one = setUp('trade', 'one');
  const other = setUp('trade', 'other');
  for (const { put } of [one, other]) for (const id of [1, 2]) put(trade(id));
  expect(one.ids()).toEqual(['okx:USDT-BTC:1-2']);
  expect(other.ids()).toEqual(one.ids());
});

test('without ids of the exchange no two messages have the same event id, of whatever process', async () => {
  const all = ['one', 'other'].flatMap((instance) => {
    const { put, publisher, ids } = setUp('orderbook', instance);
    for (const epoch of [1, 1, 2, 2]) put({ timestamp: 1 }, epoch);
    publisher.lease(2);
    for (const epoch of [1, 1]) put({ timestamp: 1 }, epoch);
    publisher.flush();
    return ids();
  });
  expect(all).toHaveLength(6);
  expect(new Set(all).size).toBe(6);
  expect(all[0]).toBe('c#0@0.1:USDT-BTC:one.1');
});

test('a message has one lease, although its market had records waiting when the lease changed', () => {
  const { put, publisher, parcels } = setUp('trade');
  put(trade(1));
  publisher.lease(5);
  put(trade(2));
  publisher.flush();
  expect(parcels.map(({ message, count }) => [message.headers?.['naru-lease-token'], count])).toEqual([
    ['0', 1],
    ['5', 1],
  ]);
});

test('held because all is full, trades keep the oldest and account for the others', () => {
  const { put, publisher, parcels, lost } = setUp('trade');
  put(trade(1));
  publisher.hold('full');
  for (const id of [2, 3, 4]) put(trade(id));
  expect(lost).toEqual([2, 3, 4].map(() => ['buffer_full', 'USDT-BTC', 1]));
  expect(publisher.snapshot()).toMatchObject({
    accounts: { received: 4, dropped: 3, buffered: 1 },
    droppedBy: { buffer_full: 3 },
  });
  publisher.release('full');
  publisher.flush();
  expect(parcels.map(({ count }) => count)).toEqual([1]);
});

test('held for the event loop, tickers conflate, and the latest is sent now and then', () => {
  const { put, publisher, parcels } = setUp('ticker');
  publisher.hold('lag');
  for (const close of [1, 2, 3]) put({ timestamp: close, close });
  publisher.sendLatest();
  expect(parcels.map(({ message }) => JSON.parse(String(message.value)).data)).toMatchObject([[{ close: 3 }]]);
  publisher.hold('full');
  put({ timestamp: 4, close: 4 });
  publisher.sendLatest();
  expect(parcels).toHaveLength(1);
  publisher.release('lag');
  expect(publisher.snapshot().accounts).toMatchObject({ received: 4, conflated: 2, buffered: 2 });
  publisher.release('full');
  publisher.sendLatest();
  publisher.flush();
  expect(parcels).toHaveLength(2);
});

test('what cannot be encoded is dropped, and the next batch goes on', () => {
  const { put, parcels, lost, publisher } = setUp('trade');
  put({ ...trade(1), note: 'poison' });
  put(trade(2));
  put(trade(3));
  put(trade(4));
  expect(lost).toEqual([['encoding_failed', 'USDT-BTC', 2]]);
  expect(parcels).toHaveLength(1);
  expect(publisher.snapshot().accounts).toMatchObject({ received: 4, dropped: 2, buffered: 2 });
});

test('a minute has its own waits, the whole keeps all of them', async () => {
  const { put, parcels, publisher, clock } = setUp('trade');
  const deliver = async (waitMs: number): Promise<void> => {
    put(trade(1));
    publisher.flush();
    await clock.advance(waitMs);
    const parcel = parcels.at(-1)!;
    publisher.onAcknowledged(parcel.receivedAt);
  };
  await deliver(10);
  expect(publisher.takeMinute()).toMatchObject({
    countBySymbol: { 'USDT-BTC': 1 },
    latency: { mean: expect.closeTo(10, 0) },
  });
  await deliver(1_000);
  expect(publisher.takeMinute().latency?.p50).toBeGreaterThan(900);
  expect(publisher.takeMinute()).toEqual({ countBySymbol: {}, latency: null });
  expect(publisher.latency.distribution()?.mean).toBeCloseTo(505, -1);
});

test('whoever listens hears of every record as it is published, until it is enough', () => {
  const { publisher, put } = setUp('ticker');
  const heard: unknown[] = [];
  const end = publisher.listen((records, asPublished) => heard.push(...records.map(asPublished)));
  put({ close: 1, open: 2 });
  publisher.project(['close']);
  put({ close: 3, open: 4 });
  end();
  put({ close: 5 });
  expect(heard).toEqual([
    expect.objectContaining({ code: 'USDT-BTC', close: 1, open: 2 }),
    expect.not.objectContaining({ open: 4 }),
  ]);
});
