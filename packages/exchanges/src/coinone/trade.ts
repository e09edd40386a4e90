import { toNumber } from '../reading/numbers.js';
import { epochSeconds } from '../reading/time.js';
import { addTrade } from '../records/trade.js';
import type { CoinoneReader } from './protocol.js';

/**
 * `is_seller_maker` true: the seller's order was resting, so the taker bought. Other readers of this feed take it the
 * other way round; the documentation's words, which are all there is, say this.
 */
export const coinoneTrade: CoinoneReader = (data, market, reading) => {
  const sellerMade = data.is_seller_maker ?? data.sm;
  const id = data.id ?? data.i;
  addTrade(
    reading,
    market.code,
    epochSeconds(data.timestamp ?? data.t),
    toNumber(data.price ?? data.p),
    toNumber(data.qty ?? data.q),
    sellerMade === true ? 1 : sellerMade === false ? -1 : 0,
    typeof id === 'string' && id !== '' ? id : undefined,
    'REALTIME',
  );
};
