import { describe, expect, it } from 'vitest';
import { BookSide } from './book-side.js';
import { DigitSlots, slotBytes } from './digit-slots.js';
import { Levels } from './levels.js';

/** Numbers from 0 to below 1, from a seed. */
function* random(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

const levelsOf = (pairs: readonly (readonly [number, number])[]): Levels => {
  const levels = new Levels();
  levels.digits = new DigitSlots();
  levels.digits.reserve(pairs.length);
  pairs.forEach(([price, size], i) => {
    levels.push(price, size);
    const digits = Buffer.from(`${price}${size}`);
    levels.digits!.bytes[i * slotBytes] = digits.length;
    levels.digits!.bytes.set(digits, i * slotBytes + 1);
  });
  return levels;
};

describe.each(['highest', 'lowest'] as const)('a side whose best price is the %s', (best) => {
  const better = (a: number, b: number): number => (best === 'highest' ? b - a : a - b);

  it('holds after any course of changes what a sorted map would', () => {
    const numbers = random(7);
    const next = (below: number): number => Math.floor(numbers.next().value * below);
    const digits = new DigitSlots();
    const side = new BookSide(best, digits);
    const model = new Map<number, number>();
    for (let step = 0; step < 3_000; step += 1) {
      if (step % 500 === 0) {
        const prices = [...new Set(Array.from({ length: next(400) }, () => 1 + next(1_000)))];
        const snapshot = prices.map((price) => [price, 1 + next(99)] as const);
        if (step % 1_000 === 0) snapshot.sort(([a], [b]) => better(a, b));
        side.replace(levelsOf(snapshot));
        model.clear();
        for (const [price, size] of snapshot) model.set(price, size);
      } else {
        const changes = Array.from({ length: next(6) }, () => [1 + next(1_000), next(3) * next(50)] as const);
        side.apply(levelsOf(changes));
        for (const [price, size] of changes) {
          if (size === 0) model.delete(price);
          else model.set(price, size);
        }
      }
      const depth = 100 + next(400);
      side.truncate(depth);
      const expected = [...model].sort(([a], [b]) => better(a, b)).slice(0, depth);
      model.clear();
      for (const [price, size] of expected) model.set(price, size);
      expect(side.length).toBe(expected.length);
      expect(side.top(step % 7 === 0 ? Number.POSITIVE_INFINITY : 30)).toEqual(
        step % 7 === 0 ? expected : expected.slice(0, 30),
      );
      const bytes = Buffer.alloc(10 * slotBytes);
      expect(bytes.toString('latin1', 0, digits.copyLast(10, side.length, bytes, 0))).toBe(
        expected
          .slice(0, 10)
          .map(([price, size]) => `${price}${size}`)
          .join(''),
      );
    }
  });

  it('shares a level among the lists it published until the level changes', () => {
    const side = new BookSide(best);
    side.replace(
      levelsOf([
        [100, 1],
        [101, 2],
      ]),
    );
    const before = side.top(2);
    side.apply(levelsOf([[100, 5]]));
    const after = side.top(2);
    const at = (price: number, list: typeof before) => list.find((level) => level[0] === price);
    expect(at(101, after)).toBe(at(101, before));
    expect(at(100, before)).toEqual([100, 1]);
    expect(at(100, after)).toEqual([100, 5]);
  });
});
