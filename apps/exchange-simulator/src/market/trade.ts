import { unit } from './hash.js';
import { type Decimal, numberOf, type SimulatedMarket } from './market.js';

/** One trade of a market's known sequence. */
export interface SimulatedTrade {
  readonly index: number;
  readonly code: string;
  /** The exchange's id, digit for digit. */
  readonly id: string;
  readonly price: Decimal;
  readonly size: Decimal;
  /** 1: the taker bought, -1: the taker sold. */
  readonly side: 1 | -1;
}

const sideSalt = 11;
const sizeSalt = 12;

/** The first id of each exchange, with as many digits as its real ids have; others begin at 1000. */
const firstIds: Readonly<Record<string, bigint>> = {
  upbit: 17_811_024_497_020_001n,
  bithumb: 1_079_953_210_371_761_701n,
  coinone: 1_790_134_177_835_001n,
  bybit: 2_290_000_001_202_469_355n,
  binance: 5_232_837_353n,
  bitfinex: 1_981_875_393n,
};

/** The trade at `index` of a market; index -1 is the one before the sequence, which some exchanges replay. */
export function tradeAt(market: SimulatedMarket, index: number): SimulatedTrade {
  return {
    index,
    code: market.code,
    id: String((firstIds[market.exchange] ?? 1_000n) + BigInt(index)),
    price: market.price(market.priceUnits(index)),
    size: market.size(sizeSalt, index),
    side: unit(market.seed, index, sideSalt) < 0.5 ? 1 : -1,
  };
}

/** Price, size and side as a reader of the frame should find them. */
export interface ExpectedTrade {
  readonly code: string;
  readonly id: string;
  readonly price: number;
  readonly size: number;
  readonly side: 1 | -1;
}

/** What a correct reader makes of a trade. */
export const expectedTrade = (trade: SimulatedTrade): ExpectedTrade => ({
  code: trade.code,
  id: trade.id,
  price: numberOf(trade.price),
  size: numberOf(trade.size),
  side: trade.side,
});
