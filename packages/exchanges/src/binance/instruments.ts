import type { InstrumentSource } from '../adapter.js';
import { readInstruments } from '../symbols/instruments.js';

/** The venue's quotes, for symbols that the instrument list has not told. */
export const binanceQuotes: readonly string[] = (
  'USDT USDC FDUSD TUSD USDP BUSD USD1 USDS DAI AEUR EURI BTC ETH BNB XRP TRX DOGE DOT SOL EUR GBP AUD TRY BRL RUB ' +
  'UAH NGN ZAR PLN RON ARS JPY MXN COP CZK IDRT BIDR BVND VAI PAX USD KRW'
).split(' ');

export const binanceInstruments: InstrumentSource = {
  url: 'https://api.binance.com/api/v3/exchangeInfo',
  read: (body) => readInstruments(body, (root) => root.symbols, 'symbol', 'baseAsset', 'quoteAsset'),
};
