import { expect, test } from 'vitest';
import { createLatency } from './latency.js';

/** Within 1 %, which is what a bucket promises. */
const close = (actual: number | undefined, wanted: number): void => {
  expect(Math.abs((actual ?? Number.NaN) - wanted)).toBeLessThanOrEqual(wanted * 0.01);
};

test('gives the waits that a share of all does not exceed, within 1 %', () => {
  const latency = createLatency();
  for (let ms = 1; ms <= 1_000; ms += 1) latency.record(ms);
  const distribution = latency.distribution();
  close(distribution?.p50, 500);
  close(distribution?.p95, 950);
  close(distribution?.p99, 990);
  close(distribution?.mean, 500.5);
  close(latency.summary()?.p99, 990);
});

test.each([0.001, 0.2, 0.255, 0.256, 0.257, 1, 3.3, 77, 1_023.9, 65_536, 3_599_999])(
  'finds a wait of %d ms again, whatever its size',
  (ms) => {
    const latency = createLatency();
    latency.record(ms);
    close(latency.summary()?.p50, ms);
  },
);

test('counts a wait before receipt as a microsecond and one beyond an hour as an hour', () => {
  const latency = createLatency();
  latency.record(-5);
  expect(latency.summary()?.p50).toBe(0.001);
  latency.record(10 * 3_600_000);
  close(latency.summary()?.p99, 3_600_000);
});

test('knows nothing before the first record and after it was taken', () => {
  const latency = createLatency();
  expect(latency.summary()).toBeNull();
  latency.record(5);
  close(latency.take()?.p50, 5);
  expect(latency.take()).toBeNull();
});

test('adds another and tells what came since', () => {
  const latency = createLatency();
  const other = createLatency();
  latency.record(1);
  const earlier = latency.copy();
  other.record(100);
  other.record(100);
  latency.add(other);
  close(latency.since(earlier).summary()?.p50, 100);
  close(latency.since(earlier).distribution()?.mean, 100);
  close(latency.summary()?.p50, 100);
  close(earlier.summary()?.p50, 1);
});
