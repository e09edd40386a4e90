import { binance } from './readings/binance.js';
import { bitfinex } from './readings/bitfinex.js';
import { bybit } from './readings/bybit.js';
import { coinbase } from './readings/coinbase.js';
import { coinone } from './readings/coinone.js';
import { htx } from './readings/htx.js';
import { korbit } from './readings/korbit.js';
import { kraken } from './readings/kraken.js';
import { okx } from './readings/okx.js';
import type { Readings } from './readings/reading.js';
import { upbit } from './readings/upbit.js';

/**
 * A second reading of captured frames, written from the exchanges' documentation without the adapters' code: what each
 * data frame says, as partial records. Ids are taken from the text by regular expression.
 */
export const readings: Readonly<Record<string, Readings>> = {
  upbit,
  bithumb: upbit,
  coinone,
  korbit,
  binance,
  bybit,
  okx,
  htx,
  coinbase,
  kraken,
  bitfinex,
};
