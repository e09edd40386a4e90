import { IdReader } from '../reading/digits.js';
import { toNumber } from '../reading/numbers.js';
import { epochSeconds } from '../reading/time.js';
import { addTrade } from '../records/trade.js';
import { streamTypeOf, type UpbitReader } from './protocol.js';

/** `ask_bid` is the taker's side. `sequential_id` has 16 to 19 digits. */
export function upbitTrade(): UpbitReader {
  const longIds = new IdReader('sequential_id');
  const shortIds = new IdReader('sid');
  return (data, market, text, reading) => {
    const side = data.ask_bid ?? data.ab;
    addTrade(
      reading,
      market.code,
      epochSeconds(data.trade_timestamp ?? data.ttms),
      toNumber(data.trade_price ?? data.tp),
      toNumber(data.trade_volume ?? data.tv),
      side === 'BID' ? 1 : side === 'ASK' ? -1 : 0,
      data.sid === undefined ? longIds.next(data.sequential_id, text, reading) : shortIds.next(data.sid, text, reading),
      streamTypeOf(data),
    );
  };
}
