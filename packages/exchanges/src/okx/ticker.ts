import { isObject } from '../reading/json.js';
import { toNumber } from '../reading/numbers.js';
import { epochSeconds } from '../reading/time.js';
import { addTicker } from '../records/ticker.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { OkxReader } from './protocol.js';

/** Rolling 24 hours, all strings, empty where there is nothing. On spot `volCcy24h` counts the quote currency. */
export function okxTicker({ markets }: ProtocolContext): OkxReader {
  return (_message, arg, list, _text, reading) => {
    for (const ticker of list) {
      if (!isObject(ticker)) {
        reading.fail('shape', 'The ticker is no object.');
        continue;
      }
      const market = markets.ofData(ticker.instId ?? arg.instId, reading);
      if (market === undefined) continue;
      const open = toNumber(ticker.open24h);
      addTicker(
        reading,
        {
          code: market.code,
          timestamp: epochSeconds(ticker.ts),
          open,
          high: toNumber(ticker.high24h),
          low: toNumber(ticker.low24h),
          close: toNumber(ticker.last),
          volume: toNumber(ticker.vol24h),
          window: '24h',
          stream_type: 'REALTIME',
          received_at: reading.receivedAt,
        },
        { quoteVolume: ticker.volCcy24h, changeFrom: open },
      );
    }
  };
}
