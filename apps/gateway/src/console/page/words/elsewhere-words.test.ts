import { expect, test } from 'vitest';
import { elsewhereWords } from './elsewhere-words.js';

const lease = (request_type: string, owner: string, expiresInMs: number) => ({
  target: { exchange: 'upbit', region: 'korea', request_type },
  owner,
  expiresInMs,
});

test('streams of other members are named with their owners, and those that nobody has', () => {
  expect(
    elsewhereWords([lease('trade', 'b', 8_000), lease('ticker', 'c', 0), lease('orderbook', 'a', 9_000)], 'a'),
  ).toBe('Elsewhere: upbit/korea/ticker at nobody (was c’s), upbit/korea/trade at b (lease for 8 s).');
  expect(elsewhereWords([lease('trade', 'a', 8_000)], 'a')).toBe('');
});
