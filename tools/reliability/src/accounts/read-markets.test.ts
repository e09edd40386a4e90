import { expect, test } from 'vitest';
import { accountFor } from './account-for.js';
import { MarketReader } from './read-markets.js';

const expected = (index: number) => ({
  id: String(9_007_199_254_740_993n + BigInt(index)),
  price: 100 + index,
  size: 1,
});

function reader(indices: readonly number[], spoil: (index: number) => number = () => 0) {
  const market = new MarketReader(expected);
  for (const index of indices) {
    const { id, price, size } = expected(index);
    market.read({ sequential_id: id, trade_price: price + spoil(index), trade_volume: size });
  }
  return market.reading;
}

test('counts what is there, what is there twice and what stands in the wrong place', () => {
  expect(reader([0, 1, 2, 4, 3, 5])).toEqual({ distinct: 6, duplicated: 0, misordered: 1, wrong: 0, highest: 5 });
  // A replay of known records is a duplicate, not disorder.
  expect(reader([0, 1, 2, 0, 1, 2, 3])).toMatchObject({ distinct: 4, duplicated: 3, misordered: 0 });
  expect(reader([0, 97], (index) => (index === 97 ? 0.5 : 0))).toMatchObject({ wrong: 1 });
  expect(reader([-1])).toMatchObject({ wrong: 1 });
});

test('what was made and is not there was unheard or lost', () => {
  const sequence = { exchange: 'upbit', kind: 'trade', code: 'KRW-BTC', sent: 10, unheard: 3 } as const;
  const other = { ...sequence, code: 'KRW-ETH', sent: 5, unheard: 0 };
  const outcome = accountFor([sequence, other], new Map([['upbit/KRW-BTC', reader([0, 1, 2, 3, 4, 4])]]), 2);
  expect(outcome).toEqual({
    sent: 15,
    kept: 5,
    unheard: 3,
    lost: 7,
    dropped: 2,
    duplicated: 1,
    misordered: 0,
    wrong: 0,
  });
});

test('a record beyond what was sent is wrong', () => {
  const sequence = { exchange: 'upbit', kind: 'trade', code: 'KRW-BTC', sent: 2, unheard: 0 } as const;
  expect(accountFor([sequence], new Map([['upbit/KRW-BTC', reader([0, 1, 2])]]), 0).wrong).toBe(1);
});
