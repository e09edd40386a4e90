import { expect, test } from 'vitest';
import { noAccounts } from '../publishing/accounts.js';
import { accountFor } from './accounting.js';
import type { TargetAccounts } from './gateway-figures.js';

const target = { exchange: 'upbit', region: 'korea', request_type: 'trade' } as const;
const accounts = { ...noAccounts, received: 30, acknowledged: 30 };
const sent = [
  { exchange: 'upbit', kind: 'trade', code: 'KRW-A', sent: 9, replayed: 1 },
  { exchange: 'upbit', kind: 'trade', code: 'KRW-B', sent: 20, replayed: 0 },
] as const;
const markets = (a: number, b: number): ReadonlyMap<string, number> =>
  new Map([
    ['upbit/trade/KRW-A', a],
    ['upbit/trade/KRW-B', b],
  ]);
const of = (different: Partial<TargetAccounts['accounts']> = {}): TargetAccounts[] => [
  { target, accounts: { ...accounts, ...different } },
];

test('is exact when every market has in Kafka what was sent', () => {
  const accounting = accountFor(sent, of(), { messages: 12, deleted: 0, records: 30, byMarket: markets(10, 20) });
  expect(accounting).toMatchObject({ exact: true, identity: true, differences: [], sent: { trade: 30 } });
  expect(accounting.read).toEqual({ messages: 12, records: 30, ticker: 0, trade: 30, orderbook: 0 });
});

test.each([
  ['a lost tick', of({ acknowledged: 29, received: 29 }), 29, markets(9, 20), 'upbit/trade KRW-A: 10 sent, 9 in Kafka'],
  ['a tick twice', of(), 31, markets(11, 20), '30 records were acknowledged and 31 are in Kafka'],
  ['one market for another', of(), 30, markets(9, 21), 'upbit/trade KRW-B: 20 sent, 21 in Kafka'],
  ['accounts that do not add up', of({ acknowledged: 29 }), 29, markets(10, 19), 'does not add up'],
  ['records still on their way', of({ acknowledged: 29, buffered: 1 }), 29, markets(10, 19), '1 still on their way'],
  ['more missing than was told', of({ acknowledged: 29, dropped: 1 }), 29, markets(8, 20), '2 are missing, 1 were'],
])('tells of %s', (_, targets, records, found, difference) => {
  const accounting = accountFor(sent, targets, { messages: 1, deleted: 0, records, byMarket: found });
  expect(accounting.exact).toBe(false);
  expect(accounting.differences.join('\n')).toContain(difference);
});

test('tells of messages that retention deleted before they were read', () => {
  const read = { messages: 11, deleted: 1, records: 29, byMarket: markets(9, 20) };
  expect(accountFor(sent, of(), read).differences[0]).toContain('1 messages were deleted');
});

test('what was told to be conflated or dropped may be missing', () => {
  const read = { messages: 1, deleted: 0, records: 28, byMarket: markets(9, 19) };
  expect(accountFor(sent, of({ acknowledged: 28, dropped: 1, conflated: 1 }), read).exact).toBe(true);
});
