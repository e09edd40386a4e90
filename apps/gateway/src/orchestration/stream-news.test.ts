import { silentMetrics, targetKey } from '@naru/core';
import { createManualClock } from '@naru/core/testing';
import { expect, test } from 'vitest';
import type { Failure } from '../events/event-publisher.js';
import type { Stream } from '../streams/stream.js';
import { upbitTrades } from '../testing/upbit-trades.js';
import { createStreamNews } from './stream-news.js';

function setUp() {
  const clock = createManualClock(0);
  const failures: Failure[] = [];
  const counts: Record<string, number> = {};
  const news = createStreamNews({
    events: { confirmed: () => {}, failed: (failure) => failures.push(failure) },
    recorder: { record: () => {} },
    metrics: {
      ...silentMetrics,
      count(name, by = 1, { code, ...target } = {}) {
        const key = `${name} ${targetKey(target as never)} ${code}`;
        counts[key] = (counts[key] ?? 0) + by;
      },
    },
    clock,
  });
  const streamOf = (correlationId: string): Stream =>
    ({ target: upbitTrades, url: new URL('wss://example.com/'), symbols: [], correlationId }) as unknown as Stream;
  const refuse = (stream: Stream, from: number, to: number): void => {
    for (let n = from; n <= to; n += 1) news.onRefused(stream, `KRW-${n}`, 'no such market');
  };
  return { clock, failures, counts, news, streamOf, refuse };
}

test('an exchange that refuses without end has twenty events a minute, then one that says how many more and of what', async () => {
  const { clock, failures, counts, streamOf, refuse } = setUp();
  refuse(streamOf('c-1'), 1, 1_000);
  expect(failures).toHaveLength(20);
  expect(failures[19]?.error.message).toBe('upbit refused KRW-20: no such market.');
  await clock.advance(60_000);
  expect(failures).toHaveLength(21);
  expect(failures[20]).toMatchObject({
    boundary: 'ws_protocol',
    target: upbitTrades,
    correlationId: 'c-1',
    error: {
      code: 'subscription_refused',
      message: expect.stringMatching(/^980 more of the same within a minute: KRW-21, .*KRW-30 …\.$/),
    },
    context: { left_out: 980, symbols: Array.from({ length: 100 }, (_, n) => `KRW-${n + 21}`) },
  });
  expect(counts).toEqual({ 'gateway_stream_errors_total upbit/korea/trade subscription_refused': 1_000 });
});

test('each code and each stream has events of its own', () => {
  const { failures, news, streamOf, refuse } = setUp();
  const stream = streamOf('c-1');
  refuse(stream, 1, 30);
  for (let n = 0; n < 30; n += 1) news.onTrouble(stream, new Error('reset'));
  refuse(streamOf('c-1'), 1, 30);
  expect(failures).toHaveLength(60);
});

test('the next command of a stream is told of as if there had been none before, after what was left out', () => {
  const { failures, streamOf, refuse } = setUp();
  const stream = streamOf('c-1');
  refuse(stream, 1, 30);
  stream.correlationId = 'c-2';
  refuse(stream, 31, 31);
  expect(failures.slice(20).map(({ correlationId, context }) => [correlationId, context?.left_out])).toEqual([
    ['c-1', 10],
    ['c-2', undefined],
  ]);
});

test('what is named of a refusal is bounded', async () => {
  const { clock, failures, news, streamOf } = setUp();
  const stream = streamOf('c-1');
  for (let n = 0; n < 500; n += 1) news.onRefused(stream, 'x'.repeat(10_000), 'no');
  await clock.advance(60_000);
  expect(JSON.stringify(failures.at(-1)?.context).length).toBeLessThan(11_000);
});
