import { expect, test } from 'vitest';
import { noAccounts } from '../../../publishing/accounts.js';
import { identityOf } from './account-words.js';

const accounts = { ...noAccounts, received: 1_010, acknowledged: 1_000, conflated: 4, buffered: 6 };

test('an identity that holds is said to hold, and losses are no good news', () => {
  expect(identityOf(accounts)).toEqual({
    text: '✓ 1,010 received = 1,000 acknowledged + 4 conflated + 0 dropped + 6 buffered',
    look: 'good',
  });
  expect(identityOf({ ...accounts, dropped: 6, buffered: 0 }).look).toBe('warn');
});

test('one that does not hold says by how much', () => {
  expect(identityOf({ ...accounts, buffered: 3 })).toEqual({
    text: expect.stringMatching(/^✗ .*: 3 missing$/),
    look: 'bad',
  });
  expect(identityOf({ ...accounts, buffered: 7 }).text).toMatch(/1 too many$/);
});
