import { expect, test } from 'vitest';
import { createRates } from './rates.js';

const reading = (count: number) => new Map([['a', count]]);

test('a rate takes two readings, by the clock that comes with them', () => {
  const rates = createRates();
  rates.read(10_000, reading(100));
  expect(rates.of('a')).toBeNull();
  rates.read(12_000, reading(300));
  expect(rates.of('a')).toBe(100);
  expect(rates.of('b')).toBeNull();
});

test('readings that are close together change nothing', () => {
  const rates = createRates();
  rates.read(0, reading(0));
  rates.read(1_000, reading(10));
  rates.read(1_100, reading(500));
  expect(rates.of('a')).toBe(10);
  rates.read(2_000, reading(500));
  expect(rates.of('a')).toBe(490);
});

test('a gateway that began anew, or a clock that stepped back, gives no rate until the next reading', () => {
  const rates = createRates();
  rates.read(1_000, reading(500));
  rates.read(2_000, reading(3));
  expect(rates.of('a')).toBeNull();
  rates.read(1_500, reading(9));
  expect(rates.of('a')).toBeNull();
  rates.read(2_500, reading(19));
  expect(rates.of('a')).toBe(10);
});
