import { expect, test } from 'vitest';
import { byteWords, clockWords, countWords, rateWords, timeWords } from './amounts.js';

test.each([
  [0, '0 ms'],
  [3.2, '3.2 ms'],
  [21.2, '21 ms'],
  [1_000, '1 s'],
  [9_990, '9.9 s'],
  [59_999, '59 s'],
  [60_000, '1 m'],
  [61_000, '1 m 1 s'],
  [3_600_000, '1 h'],
  [2 * 86_400_000 + 3_600_000, '2 d 1 h'],
])('%d ms are "%s"', (ms, words) => expect(timeWords(ms)).toBe(words));

test.each([
  [0, '0 B'],
  [1_023, '1,023 B'],
  [1_536, '1.5 KiB'],
  [64 * 1024 ** 2, '64 MiB'],
  [1024 ** 3, '1 GiB'],
])('%d bytes are "%s"', (bytes, words) => expect(byteWords(bytes)).toBe(words));

test.each([
  [0, '0'],
  [0.01, '0.1'],
  [0.5, '0.5'],
  [12_345.6, '12,346'],
])('%d a second is "%s"', (rate, words) => expect(rateWords(rate)).toBe(words));

test('what is absent is a dash', () => {
  for (const words of [byteWords, countWords, rateWords, timeWords]) {
    for (const absent of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) expect(words(absent)).toBe('–');
  }
});

test('a time of today has no date', () => {
  const noon = new Date(2026, 10, 27, 12, 0, 5).getTime();
  expect(clockWords(noon, noon + 3_600_000)).toBe('12:00:05');
  expect(clockWords(noon, noon + 24 * 3_600_000)).toBe('2026-11-27 12:00:05');
});
