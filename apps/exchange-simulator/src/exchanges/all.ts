import { binance } from './binance.js';
import type { PlayedExchange } from './played-exchange.js';
import { upbit } from './upbit.js';

/** Every exchange the simulator plays, by the name that is also its path. */
export const playedExchanges: ReadonlyMap<string, PlayedExchange> = new Map(
  [upbit, binance].map((exchange) => [exchange.name, exchange]),
);
