import type { StreamType } from '@naru/core';
import { toNumber } from '../reading/numbers.js';
import { epochSeconds } from '../reading/time.js';
import { addTrade } from '../records/trade.js';
import type { Market } from '../session/markets.js';
import type { Reading } from '../session/reading.js';
import type { BitfinexOptions } from './protocol.js';

/**
 * `[ID,MTS,AMOUNT,PRICE]`, AMOUNT above 0 when the taker bought. A list of them is history, newest first. Each live
 * trade comes as `te` and again as `tu`: the earlier one counts.
 */
export const bitfinexTrade: BitfinexOptions['reader'] = ({ market, type, payload }, _text, reading) => {
  if (type === 'te') {
    add(market, payload, 'REALTIME', reading);
  } else if (type === undefined) {
    for (let i = payload.length - 1; i >= 0; i -= 1) add(market, payload[i], 'SNAPSHOT', reading);
  }
};

function add(market: Market, trade: unknown, streamType: StreamType, reading: Reading): void {
  if (!Array.isArray(trade)) {
    reading.fail('shape', 'A trade is no list.', market.code);
    return;
  }
  const [id, time, signed, price] = trade;
  const amount = toNumber(signed);
  addTrade(
    reading,
    market.code,
    epochSeconds(time),
    toNumber(price),
    Math.abs(amount),
    amount > 0 ? 1 : -1,
    Number.isSafeInteger(id) && id > 0 ? String(id) : undefined,
    streamType,
  );
}
