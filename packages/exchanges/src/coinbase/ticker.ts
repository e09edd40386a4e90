import { toNumber } from '../reading/numbers.js';
import { rfc3339Seconds } from '../reading/time.js';
import { addTicker } from '../records/ticker.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { CoinbaseReader } from './protocol.js';

/** Rolling 24 hours, sent on each match. There is no quote volume and no previous close. */
export function coinbaseTicker({ markets }: ProtocolContext): CoinbaseReader {
  return (_type, message, _text, reading) => {
    const market = markets.ofData(message.product_id, reading);
    if (market === undefined) return;
    const open = toNumber(message.open_24h);
    addTicker(
      reading,
      {
        code: market.code,
        timestamp: rfc3339Seconds(message.time),
        open,
        high: toNumber(message.high_24h),
        low: toNumber(message.low_24h),
        close: toNumber(message.price),
        volume: toNumber(message.volume_24h),
        window: '24h',
        stream_type: 'REALTIME',
        received_at: reading.receivedAt,
      },
      { changeFrom: open },
    );
  };
}
