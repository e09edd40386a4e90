import type { RequestType, TradeRecord } from '@naru/core';
import { requestTypes } from '@naru/core';
import { exchanges } from '@naru/exchanges';
import { describe, expect, it } from 'vitest';
import { expectedTicker, tickerAt } from '../market/ticker.js';
import { expectedTrade, tradeAt } from '../market/trade.js';
import { World } from '../world.js';
import { InMemoryClient } from './in-memory-client.js';

const startTimeMs = 1_790_000_000_000;

const quoteOf: Readonly<Record<string, string>> = { korea: 'KRW', asia: 'USDT', na: 'USD', eu: 'USD' };

function join(exchange: string, kind: RequestType, bases: readonly string[], messages = 20) {
  const world = new World({ seed: 5, messages, startTimeMs });
  const codes = bases.map((base) => `${quoteOf[exchanges.get(exchange).region]}-${base}`);
  const client = new InMemoryClient(world, exchange, kind, { address: `ws://simulator/${exchange}` });
  client.subscribe(codes);
  while (world.advance()) client.passSeconds(0.1);
  return { world, client, codes };
}

for (const exchange of exchanges.names) {
  const { confirmation } = exchanges.get(exchange);

  describe(exchange, () => {
    for (const kind of requestTypes) {
      it(`confirms each ${kind} subscription once and sends only what was asked for`, () => {
        const { client, codes } = join(exchange, kind, ['BTC', 'ETH', 'XRP']);
        expect(client.confirmed.toSorted()).toEqual(codes.toSorted());
        expect(client.session.unconfirmed).toEqual([]);
        expect(client.session.silent).toEqual([]);
        expect(client.failures).toEqual([]);
        expect(new Set(client.records.map((record) => record.code))).toEqual(new Set(codes));
      });
    }

    it('delivers every trade of the known sequence, digit for digit and in order', () => {
      const { world, client, codes } = join(exchange, 'trade', ['BTC', 'ETH']);
      for (const code of codes) {
        const { market } = world.streamsOf(exchange, 'trade', code)[0]!;
        const live = (client.records as TradeRecord[]).filter(
          (record) => record.code === code && record.stream_type === 'REALTIME',
        );
        expect(live).toHaveLength(20);
        live.forEach((record, index) => {
          const expected = expectedTrade(tradeAt(market, index));
          expect(record).toMatchObject({
            sequential_id: expected.id,
            trade_price: expected.price,
            trade_volume: expected.size,
            ask_bid: expected.side,
            trade_amount: expected.price * expected.size,
            trade_timestamp: (startTimeMs + index) / 1000,
          });
        });
      }
    });

    it('delivers the figures of every ticker', () => {
      const { world, client, codes } = join(exchange, 'ticker', ['SOL'], 5);
      const { market } = world.streamsOf(exchange, 'ticker', codes[0]!)[0]!;
      const live = client.records.slice(-5);
      live.forEach((record, index) => {
        expect(record).toMatchObject(expectedTicker(tickerAt(market, index)));
      });
    });

    for (const kind of requestTypes) {
      it(`follows a change of ${kind} symbols on the live socket`, () => {
        const { world, client, codes } = join(exchange, kind, ['BTC', 'ETH'], 10);
        const added = `${quoteOf[exchanges.get(exchange).region]}-ADA`;
        client.subscribe([codes[0]!, added]);
        while (world.advance()) client.passSeconds(0.1);
        expect(client.confirmed.toSorted()).toEqual([...codes, added].toSorted());
        expect(world.streamsOf(exchange, kind, codes[0]!)[0]!.sockets.size).toBe(1);
        expect(world.streamsOf(exchange, kind, codes[1]!).map((stream) => stream.sockets.size)).toEqual([0]);
        expect(client.records.filter((record) => record.code === added).length).toBeGreaterThanOrEqual(10);
      });
    }

    it('tells a refused market from the others', () => {
      const { client, codes } = join(exchange, 'trade', ['BTC', 'NOPE', 'ETH']);
      const refused = codes[1]!;
      expect(client.records.some((record) => record.code === refused)).toBe(false);
      expect(new Set(client.records.map((record) => record.code)).size).toBe(2);
      // Binance acknowledges what it does not know, and Upbit and Bithumb say nothing: absence tells.
      if (confirmation === 'first-data' || exchange === 'binance') expect(client.session.silent).toEqual([refused]);
      else expect(client.rejected).toContain(refused);
    });
  });
}
