import { describe, expect, it } from 'vitest';
import { maxDigits, slotBytes } from '../books/digit-slots.js';
import { Levels } from '../books/levels.js';
import { LevelDigits } from './level-digits.js';

/** The digits of each bid of a frame's text. */
function digitsOf(text: string, count: number): string[] {
  const levels = new Levels();
  for (let i = 0; i < count; i += 1) levels.push(1, 1);
  const reader = new LevelDigits();
  reader.open(text);
  reader.seek('"bids"', 0);
  reader.read(levels);
  return Array.from({ length: count }, (_, i) => {
    const bytes = levels.digits!.bytes.subarray(i * slotBytes, (i + 1) * slotBytes);
    return Buffer.from(bytes.subarray(1, 1 + bytes[0]!)).toString();
  });
}

describe('the digits of levels', () => {
  it('are those of price and size without points and leading zeros, trailing ones kept', () => {
    expect(digitsOf('{"bids":[{"price":83001.50,"qty":0.00125000},{"price":0.5666,"qty":4831.75}]}', 2)).toEqual([
      '8300150125000',
      '5666483175',
    ]);
  });

  it('are found between blanks, other keys and in the other order', () => {
    expect(digitsOf('{"bids" : [ { "price" : 7.0 , "count":9, "qty" : 0.20 } , {"qty":3.0,"price":6.5}]}', 2)).toEqual([
      '7020',
      '6530',
    ]);
  });

  it('of a long frame do not mix with those of the shorter one that follows', () => {
    const reader = new LevelDigits();
    reader.open(`{"bids":[{"price":1.0,"qty":1.0}],"pad":"${'9'.repeat(10_000)}"}`);
    const levels = new Levels();
    levels.push(1, 1);
    reader.open('{"bids":[{"price":2.0');
    reader.seek('"bids"', 0);
    reader.read(levels);
    expect([...levels.digits!.bytes.subarray(0, 3)]).toEqual([2, 50, 48]);
  });

  it('beyond what a slot holds are cut', () => {
    const [digits] = digitsOf(`{"bids":[{"price":${'1'.repeat(60)},"qty":2}]}`, 1);
    expect(digits).toBe('1'.repeat(maxDigits));
  });
});
