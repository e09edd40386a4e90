import { isObject } from '../reading/json.js';
import { toNumber } from '../reading/numbers.js';
import { epochSeconds } from '../reading/time.js';
import { addTicker } from '../records/ticker.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { BybitReader } from './protocol.js';

/** Spot tickers are whole every time. `prevPrice24h`, the price a day ago, is both open and previous close. */
export function bybitTicker({ markets }: ProtocolContext): BybitReader {
  return (message, _text, reading) => {
    const { data } = message;
    if (!isObject(data)) {
      reading.fail('shape', 'The ticker holds no data.');
      return;
    }
    const market = markets.ofData(data.symbol, reading);
    if (market === undefined) return;
    addTicker(
      reading,
      {
        code: market.code,
        timestamp: epochSeconds(message.ts),
        open: toNumber(data.prevPrice24h),
        high: toNumber(data.highPrice24h),
        low: toNumber(data.lowPrice24h),
        close: toNumber(data.lastPrice),
        volume: toNumber(data.volume24h),
        window: '24h',
        stream_type: 'REALTIME',
        received_at: reading.receivedAt,
      },
      { quoteVolume: data.turnover24h, prevClose: data.prevPrice24h },
    );
  };
}
