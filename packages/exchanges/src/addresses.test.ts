import { requestTypes } from '@naru/core';
import { describe, expect, it } from 'vitest';
import { exchanges } from './exchanges.js';

describe('addresses', () => {
  for (const name of exchanges.names) {
    const { addresses } = exchanges.get(name);

    it(`allow the default of ${name} and nothing beside it`, () => {
      for (const kind of requestTypes) {
        const own = addresses.default(kind);
        expect(addresses.isAllowed(new URL(own), kind)).toBe(true);
        const { host, hostname, pathname } = new URL(own);
        for (const other of [
          own.replace('wss:', 'ws:'),
          `wss://${hostname}.evil.test${pathname}`,
          `wss://user:secret@${host}${pathname}`,
          `wss://${hostname}:1${pathname}`,
          `wss://${host}${pathname}/elsewhere`,
          `${own}?redirect=1`,
          `${own}#fragment`,
          'wss://127.0.0.1/',
        ]) {
          expect(addresses.isAllowed(new URL(other), kind), other).toBe(false);
        }
      }
    });
  }

  it('give HTX order books an address of their own', () => {
    const { addresses } = exchanges.get('htx');
    expect(addresses.isAllowed(new URL('wss://api.huobi.pro/feed'), 'orderbook')).toBe(true);
    expect(addresses.isAllowed(new URL('wss://api.huobi.pro/feed'), 'trade')).toBe(false);
  });
});
