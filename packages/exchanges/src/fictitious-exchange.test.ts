import { describe, expect, it } from 'vitest';
import { createAddresses } from './addresses.js';
import { exchanges } from './exchanges.js';
import {
  addTrade,
  createExchangeRegistry,
  defineExchange,
  type ExchangeAdapter,
  isObject,
  separatedSymbols,
  toNumber,
} from './index.js';

/** What adding an exchange takes: one such definition in a folder, and one line in `exchanges.ts`. */
const lunar: ExchangeAdapter = defineExchange(
  {
    name: 'lunar',
    region: 'eu',
    addresses: createAddresses({ default: 'wss://feed.lunar.test/v1', hosts: ['feed.lunar.test'], paths: ['/v1'] }),
    symbols: separatedSymbols('_'),
    limits: { symbolsPerSocket: 2, messagesPerSecond: 1 },
    heartbeat: { type: 'frame-ping', intervalMs: 20_000, idleTimeoutMs: 60_000 },
    confirmation: 'first-data',
    silentAfterMs: 10_000,
  },
  {
    trade: ({ markets }) => ({
      change: ({ all }) => [{ payload: JSON.stringify({ want: all.map((market) => market.wire) }) }],
      read: (message, _text, reading) => {
        if (!isObject(message) || message.moon === undefined) return;
        reading.class = 'data';
        const market = markets.ofData(message.moon, reading);
        if (market === undefined) return;
        addTrade(
          reading,
          market.code,
          toNumber(message.at),
          toNumber(message.p),
          toNumber(message.v),
          1,
          `${message.id}`,
          'REALTIME',
        );
      },
    }),
  },
);

describe('an exchange nobody has heard of', () => {
  const registry = createExchangeRegistry([...exchanges.names.map((name) => exchanges.get(name)), lunar]);

  it('is one definition and one line away', () => {
    expect(registry.supports('lunar', 'trade')).toBe(true);
    expect(registry.supports('lunar', 'ticker')).toBe(false);
    const session = registry.get('lunar').createSession('trade');
    expect(session.changeSymbols(['EUR-CHEESE'])).toEqual([{ payload: '{"want":["CHEESE_EUR"]}' }]);
    const received = session.receive('{"moon":"CHEESE_EUR","at":5,"p":"2","v":"3","id":1}', 6);
    expect(received).toMatchObject({
      class: 'data',
      confirmed: ['EUR-CHEESE'],
      records: [{ code: 'EUR-CHEESE', trade_price: 2, trade_amount: 6, sequential_id: '1', received_at: 6 }],
    });
  });

  it('has the bounds and errors of all others', () => {
    expect(() => lunar.createSession('ticker')).toThrow('lunar has no "ticker"; it has trade.');
    const session = lunar.createSession('trade');
    expect(() => session.changeSymbols(['A-B', 'A-C', 'A-D'])).toThrow(
      expect.objectContaining({ code: 'too_many_symbols' }),
    );
    expect(() => session.changeSymbols(['eur-cheese'])).toThrow(
      expect.objectContaining({ code: 'invalid_market_code' }),
    );
    expect(session.receive('{', 1)).toMatchObject({ class: 'unknown', failures: [{ kind: 'syntax' }] });
  });
});
