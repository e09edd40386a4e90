import { describe, expect, it } from 'vitest';
import { IdReader } from './digits.js';
import { toNumber } from './numbers.js';
import { epochSeconds, rfc3339Seconds } from './time.js';

describe('numbers', () => {
  it('are JSON numbers and decimal strings', () => {
    for (const [text, value] of [
      ['1.5', 1.5],
      ['-0.5', -0.5],
      ['.5', 0.5],
      ['1e3', 1000],
      ['0E-8', 0],
      ['0', 0],
      [7, 7],
    ] as const) {
      expect(toNumber(text)).toBe(value);
    }
  });

  it('are nothing that JavaScript would be generous about', () => {
    for (const value of [
      '',
      ' ',
      '0x10',
      '0b1',
      'NaN',
      'Infinity',
      '1e999',
      '1,5',
      '0.-10000',
      null,
      undefined,
      true,
      [],
      {},
      Number.NaN,
      1 / 0,
    ]) {
      expect(toNumber(value)).toBeNaN();
    }
  });
});

describe('times', () => {
  it('tell milliseconds from microseconds by their size', () => {
    expect(epochSeconds(1_790_000_000_123)).toBe(1_790_000_000.123);
    expect(epochSeconds('1790000000123456')).toBe(1_790_000_000.123456);
    expect(epochSeconds(0)).toBeNaN();
  });

  it('keep the microseconds of RFC 3339 and refuse its zeros', () => {
    expect(rfc3339Seconds('2026-08-25T03:35:57.198335Z')).toBeCloseTo(1_787_628_957.198335, 6);
    expect(rfc3339Seconds('2026-08-25T03:35:57Z')).toBe(1_787_628_957);
    for (const none of [
      '0001-01-01T00:00:00.000000Z',
      '1970-01-01T00:00:00.000000Z',
      'yesterday',
      '2026-08-25T03:35:57+09:00',
      5,
    ]) {
      expect(rfc3339Seconds(none)).toBeNaN();
    }
  });
});

describe('ids', () => {
  const next = (text: string, frame = {}): (string | undefined)[] => {
    const reader = new IdReader('id');
    return (JSON.parse(text) as { id: unknown }[]).map(({ id }) => reader.next(id, text, frame));
  };

  it('keep every digit beyond 2^53, in the order of the text', () => {
    expect(next('[{"id":9007199254740993},{"id" : 9007199254740995},{"id":7},{"id":9007199254740997}]')).toEqual([
      '9007199254740993',
      '9007199254740995',
      '7',
      '9007199254740997',
    ]);
  });

  it('are not misled by values that look like keys', () => {
    expect(next('[{"x":"id","id":9007199254740993}]')).toEqual(['9007199254740993']);
    expect(next('[{"x":"\\"id\\":12345678901234567890","id":9007199254740993}]')).toEqual(['9007199254740993']);
  });

  it('are absent rather than wrong', () => {
    expect(next('[{"id":1e30},{"id":-5},{"id":1.5},{"id":""},{"id":null}]')).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
