import { binance } from './binance/index.js';
import { bitfinex } from './bitfinex/index.js';
import { bithumb } from './bithumb/index.js';
import { bybit } from './bybit/index.js';
import { coinbase } from './coinbase/index.js';
import { coinone } from './coinone/index.js';
import { htx } from './htx/index.js';
import { korbit } from './korbit/index.js';
import { kraken } from './kraken/index.js';
import { okx } from './okx/index.js';
import { createExchangeRegistry, type ExchangeRegistry } from './registry.js';
import { upbit } from './upbit/index.js';

/** Every exchange that ships with this package. */
export const exchanges: ExchangeRegistry = createExchangeRegistry([
  upbit,
  bithumb,
  coinone,
  korbit,
  binance,
  bybit,
  okx,
  htx,
  coinbase,
  kraken,
  bitfinex,
]);
