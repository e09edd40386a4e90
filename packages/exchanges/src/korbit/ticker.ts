import { isObject } from '../reading/json.js';
import { toNumber } from '../reading/numbers.js';
import { epochSeconds } from '../reading/time.js';
import { addTicker } from '../records/ticker.js';
import type { KorbitReader } from './protocol.js';

/** Rolling 24 hours; `prevClose` is the price 24 hours ago. */
export const korbitTicker: KorbitReader = (message, market, streamType, _text, reading) => {
  const { data } = message;
  if (!isObject(data)) {
    reading.fail('shape', 'The ticker holds no data.', market.code);
    return;
  }
  addTicker(
    reading,
    {
      code: market.code,
      timestamp: epochSeconds(message.timestamp),
      open: toNumber(data.open),
      high: toNumber(data.high),
      low: toNumber(data.low),
      close: toNumber(data.close),
      volume: toNumber(data.volume),
      window: '24h',
      stream_type: streamType,
      received_at: reading.receivedAt,
    },
    { quoteVolume: data.quoteVolume, prevClose: data.prevClose },
  );
};
