import { binance } from './binance.js';
import { bitfinex } from './bitfinex.js';
import { bybit } from './bybit.js';
import { coinbase } from './coinbase.js';
import { coinone } from './coinone.js';
import { htx } from './htx.js';
import { korbit } from './korbit.js';
import { kraken } from './kraken.js';
import { okx } from './okx.js';
import type { PlayedExchange } from './played-exchange.js';
import { bithumb, upbit } from './upbit-family.js';

/** Every exchange the simulator plays, by the name that is also its path. */
export const playedExchanges: ReadonlyMap<string, PlayedExchange> = new Map(
  [upbit, bithumb, coinone, korbit, binance, bybit, okx, htx, coinbase, kraken, bitfinex].map((exchange) => [
    exchange.name,
    exchange,
  ]),
);
