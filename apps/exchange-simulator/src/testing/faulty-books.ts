import { exchanges } from '@naru/exchanges';
import { expect } from 'vitest';
import type { FaultRates } from '../faults.js';
import { numbersOf } from '../market/book.js';
import { World } from '../world.js';
import { InMemoryClient } from './in-memory-client.js';

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

/** A fault in the last of these frames heals with later ones. */
const healing = 1_500;

/** Keeps order books of an exchange through `updates` faulty frames and expects the simulator's own at the end. */
export function expectBooksSurvive(exchange: string, updates: number): void {
  const world = new World({ seed: 11, messages: Number.POSITIVE_INFINITY, faults: faultsOf(exchange) });
  const address = `ws://simulator/${exchange}`;
  const client = new InMemoryClient(world, exchange, 'orderbook', { address, depth: 25 }, false);
  const wanted = codes[exchanges.get(exchange).region]!;
  client.subscribe(wanted);
  for (let update = 0; update < updates + healing; update += 1) {
    if (update === updates) world.faults.stop();
    world.advance();
    client.passSeconds(0.01);
  }
  expect(Object.values(world.faults.counts).reduce((sum, count) => sum + count)).toBeGreaterThan(updates / 1000);
  for (const code of wanted) {
    const view = world.streamsOf(exchange, 'orderbook', code)[0]!.book.view();
    expect(client.lastBooks.get(code), code).toMatchObject({
      asks: numbersOf(view.asks).slice(0, 25),
      bids: numbersOf(view.bids).slice(0, 25),
    });
  }
}
