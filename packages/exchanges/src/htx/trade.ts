import { IdReader } from '../reading/digits.js';
import { isObject } from '../reading/json.js';
import { toNumber } from '../reading/numbers.js';
import { epochSeconds } from '../reading/time.js';
import { addTrade } from '../records/trade.js';
import type { HtxReader } from './protocol.js';

/** `tradeId` is the id; the `id` beside it has 27 digits and is deprecated. */
export function htxTrade(): HtxReader {
  const ids = new IdReader('tradeId');
  return (market, _channel, { tick }, text, reading) => {
    if (!isObject(tick) || !Array.isArray(tick.data)) {
      reading.fail('shape', 'The trade frame holds no list.', market.code);
      return;
    }
    for (const trade of tick.data) {
      if (!isObject(trade)) {
        reading.fail('shape', 'A trade is no object.', market.code);
        continue;
      }
      addTrade(
        reading,
        market.code,
        epochSeconds(trade.ts),
        toNumber(trade.price),
        toNumber(trade.amount),
        trade.direction === 'buy' ? 1 : trade.direction === 'sell' ? -1 : 0,
        ids.next(trade.tradeId, text, reading),
        'REALTIME',
      );
    }
  };
}
