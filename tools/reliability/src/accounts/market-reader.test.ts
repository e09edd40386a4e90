import { expect, test } from 'vitest';
import { accountFor } from './account-for.js';
import { MarketReader } from './market-reader.js';

const expected = (index: number) => ({
  id: String(9_007_199_254_740_993n + BigInt(index)),
  price: 100 + index,
  size: 1,
});

async function reader(indices: readonly number[], token: (place: number) => number = () => 1, spoil = 0) {
  const market = new MarketReader(expected(0).id);
  indices.forEach((index, place) => {
    const { id, price, size } = expected(index);
    market.read({ sequential_id: id, trade_price: price + spoil, trade_volume: size }, token(place));
  });
  await market.verify(async (index) => expected(index));
  return market.reading;
}

const clean = { duplicated: 0, misordered: 0, stale: 0, wrong: 0 };

test('counts what is there, what is there twice and what stands in the wrong place', async () => {
  expect(await reader([0, 1, 2, 4, 3, 5])).toEqual({ ...clean, distinct: 6, misordered: 1, highest: 5 });
  // A replay of known records is a duplicate, not disorder.
  expect(await reader([0, 1, 2, 0, 1, 2, 3])).toMatchObject({ distinct: 4, duplicated: 3, misordered: 0 });
  expect(await reader([0, 97], undefined, 0.5)).toMatchObject({ wrong: 2 });
  expect(await reader([-1])).toMatchObject({ wrong: 1 });
});

test('what an owner delivers after it was replaced is stale, not disorder', async () => {
  const tokens = [1, 2, 1, 1, 2];
  expect(await reader([0, 5, 1, 2, 6], (place) => tokens[place] ?? 0)).toMatchObject({ misordered: 0, stale: 2 });
});

test('what was made and is not there was unheard or lost', async () => {
  const sequence = { exchange: 'upbit', kind: 'trade', code: 'KRW-BTC', sent: 10, unheard: 3 } as const;
  const other = { ...sequence, code: 'KRW-ETH', sent: 5, unheard: 0 };
  const outcome = accountFor([sequence, other], new Map([['upbit/KRW-BTC', await reader([0, 1, 2, 3, 4, 4])]]), 2);
  expect(outcome).toEqual({
    sent: 15,
    kept: 5,
    unheard: 3,
    lost: 7,
    dropped: 2,
    duplicated: 1,
    misordered: 0,
    stale: 0,
    wrong: 0,
  });
});

test('a record beyond what was sent is wrong', async () => {
  const sequence = { exchange: 'upbit', kind: 'trade', code: 'KRW-BTC', sent: 2, unheard: 0 } as const;
  expect(accountFor([sequence], new Map([['upbit/KRW-BTC', await reader([0, 1, 2])]]), 0).wrong).toBe(1);
});
