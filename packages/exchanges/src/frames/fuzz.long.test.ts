import { describe, expect, it } from 'vitest';
import { exchanges } from '../exchanges.js';
import { fuzzExchange } from './fuzz.js';

describe('200,000 mutated frames', () => {
  for (const exchange of exchanges.names) {
    it(`never throw, nor make an unsound record, at ${exchange}`, () => {
      expect(fuzzExchange(exchange, 200_000, 2)).toBeGreaterThan(0);
    });
  }
});
