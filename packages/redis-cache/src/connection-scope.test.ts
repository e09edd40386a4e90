import { expect, test } from 'vitest';
import { type ConnectionScope, checkScope, parseScopeKey, scopeKey } from './connection-scope.js';

const scope = { exchange: 'upbit', region: 'korea', request_type: 'ticker' };

test('a scope is read again from its key', () => {
  expect(scopeKey(scope)).toBe('upbit/korea/ticker');
  expect(parseScopeKey('upbit/korea/ticker')).toEqual(scope);
});

test.each(['', 'upbit', 'upbit/korea', '/korea/ticker', 'upbit//ticker', 'upbit/korea/', 'upbit/korea/ticker/symbols'])(
  '"%s" is no key of a scope',
  (key) => expect(parseScopeKey(key)).toBeUndefined(),
);

test.each(['exchange', 'region', 'request_type'] as const)('refuses a %s that cannot stand in a key', (name) => {
  for (const value of ['', 'a:b', 'a/b', '{a}', 'a b', 'x'.repeat(65), 7, ['upbit'], undefined]) {
    const refused = { ...scope, [name]: value } as ConnectionScope;
    expect(() => checkScope(refused)).toThrow(
      new RegExp(`^scope\\.${name} is .*; it must be 1 to 64 letters, digits, dots, dashes or underscores`),
    );
  }
  checkScope({ ...scope, [name]: 'x'.repeat(64) });
  checkScope({ ...scope, [name]: 'A.b-1_' });
});

test('refuses what is no scope at all', () => {
  expect(() => checkScope(undefined as unknown as ConnectionScope)).toThrow('scope.exchange is undefined');
});
