import { exchanges } from '@naru/exchanges';
import { describe, expect, it } from 'vitest';
import type { FaultRates } from './faults.js';
import { InMemoryClient } from './in-memory-client.js';
import { numbersOf } from './market/book.js';
import { World } from './world.js';

/** Updates per exchange: a million in the long run, enough to meet every fault many times in the ordinary one. */
const updates = process.env.NARU_LONG === '1' ? 1_000_000 : 1_500;

const codes: Readonly<Record<string, readonly string[]>> = {
  korea: ['KRW-BTC', 'KRW-XRP', 'KRW-1INCH'],
  asia: ['USDT-BTC', 'USDT-DOGE', 'BTC-ETH'],
  na: ['USD-BTC', 'USD-ETH', 'EUR-SOL'],
  eu: ['USD-BTC', 'USD-ETH', 'USDT-DUSK'],
};

/** Exchanges that number or checksum their updates notice what is missing; Coinbase does neither. */
const faultsOf = (exchange: string): FaultRates =>
  exchange === 'coinbase'
    ? { duplicate: 0.002, garbage: 0.002 }
    : { gap: 0.001, duplicate: 0.001, late: 0.001, garbage: 0.001, checksum: 0.001 };

describe('an order book kept through faults', () => {
  for (const exchange of exchanges.names) {
    it(`ends as the simulator's own at ${exchange}`, () => {
      const faults = faultsOf(exchange);
      const world = new World({ seed: 11, messages: Number.POSITIVE_INFINITY, faults });
      const address = `ws://simulator/${exchange}`;
      const client = new InMemoryClient(world, exchange, 'orderbook', { address, depth: 25 }, false);
      const wanted = codes[exchanges.get(exchange).region]!;
      client.subscribe(wanted);
      for (let update = 0; update < updates; update += 1) {
        world.advance();
        client.passSeconds(0.01);
      }
      expect(Object.values(world.faults.counts).reduce((sum, count) => sum + count)).toBeGreaterThan(updates / 1000);
      // A fault in the last frames heals with the next ones.
      world.faults.stop();
      for (let update = 0; update < 1_500; update += 1) {
        world.advance();
        client.passSeconds(0.01);
      }
      for (const code of wanted) {
        const view = world.streamsOf(exchange, 'orderbook', code)[0]!.book.view();
        expect(client.lastBooks.get(code), code).toMatchObject({
          asks: numbersOf(view.asks).slice(0, 25),
          bids: numbersOf(view.bids).slice(0, 25),
        });
      }
    }, 900_000);
  }
});
