import { IdReader } from '../reading/digits.js';
import { isObject } from '../reading/json.js';
import { toNumber } from '../reading/numbers.js';
import { epochSeconds } from '../reading/time.js';
import { addTrade } from '../records/trade.js';
import type { KorbitReader } from './protocol.js';

/** `data` is a list of trades; the snapshot repeats the latest ones. */
export function korbitTrade(): KorbitReader {
  const ids = new IdReader('tradeId');
  return (message, market, streamType, text, reading) => {
    if (!Array.isArray(message.data)) {
      reading.fail('shape', 'The trade frame holds no list.', market.code);
      return;
    }
    for (const trade of message.data) {
      if (!isObject(trade)) {
        reading.fail('shape', 'A trade is no object.', market.code);
        continue;
      }
      addTrade(
        reading,
        market.code,
        epochSeconds(trade.timestamp),
        toNumber(trade.price),
        toNumber(trade.qty),
        trade.isBuyerTaker === true ? 1 : trade.isBuyerTaker === false ? -1 : 0,
        ids.next(trade.tradeId, text, reading),
        streamType,
      );
    }
  };
}
