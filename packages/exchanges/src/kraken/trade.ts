import { IdReader } from '../reading/digits.js';
import { toNumber } from '../reading/numbers.js';
import { rfc3339Seconds } from '../reading/time.js';
import { addTrade } from '../records/trade.js';
import type { KrakenReader } from './protocol.js';

/** `side` is the taker's. A snapshot is the last 50 trades: history. */
export function krakenTrade(): KrakenReader {
  const ids = new IdReader('trade_id');
  return (data, market, streamType, text, reading) => {
    addTrade(
      reading,
      market.code,
      rfc3339Seconds(data.timestamp),
      toNumber(data.price),
      toNumber(data.qty),
      data.side === 'buy' ? 1 : data.side === 'sell' ? -1 : 0,
      ids.next(data.trade_id, text, reading),
      streamType,
    );
  };
}
