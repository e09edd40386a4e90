import { exchanges } from '@naru/exchanges';
import { describe, it } from 'vitest';
import { expectBooksSurvive } from './faulty-books.js';

describe('an order book kept through faults in a million updates', () => {
  for (const exchange of exchanges.names) {
    it(`ends as the simulator's own at ${exchange}`, () => expectBooksSurvive(exchange, 1_000_000));
  }
});
