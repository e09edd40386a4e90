import { isObject } from '../reading/json.js';
import { toNumber } from '../reading/numbers.js';
import { epochSeconds } from '../reading/time.js';
import { addTrade } from '../records/trade.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { BybitReader } from './protocol.js';

/** Up to 1024 trades a frame, all live whatever `type` says. `i` is the id; `seq` is shared by several trades. */
export function bybitTrade({ markets }: ProtocolContext): BybitReader {
  return (message, _text, reading) => {
    if (!Array.isArray(message.data)) {
      reading.fail('shape', 'The trade frame holds no list.');
      return;
    }
    for (const trade of message.data) {
      if (!isObject(trade)) {
        reading.fail('shape', 'A trade is no object.');
        continue;
      }
      const market = markets.ofData(trade.s, reading);
      if (market === undefined) continue;
      addTrade(
        reading,
        market.code,
        epochSeconds(trade.T),
        toNumber(trade.p),
        toNumber(trade.v),
        trade.S === 'Buy' ? 1 : trade.S === 'Sell' ? -1 : 0,
        typeof trade.i === 'string' && trade.i !== '' ? trade.i : undefined,
        'REALTIME',
      );
    }
  };
}
