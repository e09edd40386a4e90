import type { MarketRecord } from '@naru/core';
import { createManualClock } from '@naru/core/testing';
import { expect, test } from 'vitest';
import type { RecordListener } from '../publishing/record-publisher.js';
import { createRecordTap, maxReaders, type TapSecond } from './record-tap.js';

function setUp() {
  const clock = createManualClock(1_000);
  const listeners = new Set<RecordListener>();
  const publisher = {
    listen(listener: RecordListener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const publish = (...codes: string[]): void => {
    const records = codes.map((code) => ({ code, hidden: true }) as unknown as MarketRecord);
    for (const listener of listeners) listener(records, ({ code }) => ({ code }) as MarketRecord);
  };
  const seconds: TapSecond[] = [];
  const tap = createRecordTap({ clock });
  const read = (perSecond = 2) => tap.read(publisher, perSecond, (second) => seconds.push(second));
  return { clock, listeners, publish, seconds, read };
}

test('each second has its first records as they are published, and how many more there were', async () => {
  const { clock, publish, seconds, read } = setUp();
  read();
  publish('a');
  publish('b', 'c');
  publish('d');
  await clock.advance(1_000);
  publish('e');
  await clock.advance(1_000);
  await clock.advance(1_000);
  expect(seconds).toEqual([
    { until: 2_000, records: ['{"code":"a"}', '{"code":"b"}'], left_out: 2 },
    { until: 3_000, records: ['{"code":"e"}'], left_out: 0 },
    { until: 4_000, records: [], left_out: 0 },
  ]);
});

test('nobody listens before a reader comes and after it went', async () => {
  const { clock, listeners, seconds, read } = setUp();
  expect(listeners.size).toBe(0);
  const end = read();
  expect(listeners.size).toBe(1);
  end?.();
  end?.();
  expect(listeners.size).toBe(0);
  await clock.advance(5_000);
  expect(seconds).toEqual([]);
});

test('readers are few, and one that goes makes room', () => {
  const { read } = setUp();
  const ends = Array.from({ length: maxReaders }, () => read());
  expect(ends.every((end) => end !== undefined)).toBe(true);
  expect(read()).toBeUndefined();
  ends[0]?.();
  ends[0]?.();
  expect(read()).toBeDefined();
  expect(read()).toBeUndefined();
});

test('a long record is cut', async () => {
  const { clock, publish, seconds, read } = setUp();
  read();
  publish('x'.repeat(1_000_000));
  await clock.advance(1_000);
  expect(seconds[0]?.records[0]).toHaveLength(2_001);
});
