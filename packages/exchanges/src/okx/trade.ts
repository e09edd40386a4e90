import { isObject } from '../reading/json.js';
import { toNumber } from '../reading/numbers.js';
import { epochSeconds } from '../reading/time.js';
import { addTrade } from '../records/trade.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { OkxReader } from './protocol.js';

/** `trades` joins the matches of one taker order at one price; `tradeId` is the last one's. */
export function okxTrade({ markets }: ProtocolContext): OkxReader {
  return (_message, arg, list, _text, reading) => {
    for (const trade of list) {
      if (!isObject(trade)) {
        reading.fail('shape', 'A trade is no object.');
        continue;
      }
      const market = markets.ofData(trade.instId ?? arg.instId, reading);
      if (market === undefined) continue;
      addTrade(
        reading,
        market.code,
        epochSeconds(trade.ts),
        toNumber(trade.px),
        toNumber(trade.sz),
        trade.side === 'buy' ? 1 : trade.side === 'sell' ? -1 : 0,
        typeof trade.tradeId === 'string' && trade.tradeId !== '' ? trade.tradeId : undefined,
        'REALTIME',
      );
    }
  };
}
