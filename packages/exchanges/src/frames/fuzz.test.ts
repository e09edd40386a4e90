import { describe, expect, it } from 'vitest';
import { exchanges } from '../exchanges.js';
import { fuzzExchange } from './fuzz.js';

describe('mutated frames', () => {
  for (const exchange of exchanges.names) {
    it(`never throw, nor make an unsound record, at ${exchange}`, () => {
      expect(fuzzExchange(exchange, 3_000, 1)).toBeGreaterThan(0);
    });
  }
});
