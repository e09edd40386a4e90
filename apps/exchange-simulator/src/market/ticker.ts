import { type Decimal, numberOf, type SimulatedMarket } from './market.js';

/** One state of a market's summary. */
export interface SimulatedTicker {
  readonly index: number;
  readonly code: string;
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly close: Decimal;
  readonly prevClose: Decimal;
  readonly volume: Decimal;
  readonly quoteVolume: Decimal;
}

const volumePerStep = 137;

/** The summary at `index`: open is where the walk began, high and low what it can have touched. */
export function tickerAt(market: SimulatedMarket, index: number): SimulatedTicker {
  const open = market.priceUnits(0);
  const close = market.priceUnits(index);
  const volume = { units: 1_000_000 + (index + 1) * volumePerStep, decimals: market.sizeDecimals };
  const price = market.price.bind(market);
  return {
    index,
    code: market.code,
    open: price(open),
    high: price(Math.max(open, close) + 3),
    low: price(Math.max(1, Math.min(open, close) - 3)),
    close: price(close),
    prevClose: price(market.priceUnits(-1)),
    volume,
    quoteVolume: { units: Math.round(numberOf(volume) * numberOf(price(close)) * 100), decimals: 2 },
  };
}

/** A summary's figures as a reader of the frame should find them. */
export interface ExpectedTicker {
  readonly code: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** What a correct reader makes of a ticker. */
export const expectedTicker = (ticker: SimulatedTicker): ExpectedTicker => ({
  code: ticker.code,
  open: numberOf(ticker.open),
  high: numberOf(ticker.high),
  low: numberOf(ticker.low),
  close: numberOf(ticker.close),
  volume: numberOf(ticker.volume),
});
