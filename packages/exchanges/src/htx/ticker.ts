import { isObject } from '../reading/json.js';
import { toNumber } from '../reading/numbers.js';
import { epochSeconds } from '../reading/time.js';
import { addTicker } from '../records/ticker.js';
import type { HtxReader } from './protocol.js';

/** Rolling 24 hours; `amount` counts the base currency, `vol` the quote. `detail` has the same fields. */
export const htxTicker: HtxReader = (market, _channel, message, _text, reading) => {
  const { tick } = message;
  if (!isObject(tick)) {
    reading.fail('shape', 'The ticker holds no tick.', market.code);
    return;
  }
  const open = toNumber(tick.open);
  addTicker(
    reading,
    {
      code: market.code,
      timestamp: epochSeconds(message.ts),
      open,
      high: toNumber(tick.high),
      low: toNumber(tick.low),
      close: toNumber(tick.close),
      volume: toNumber(tick.amount),
      window: '24h',
      stream_type: 'REALTIME',
      received_at: reading.receivedAt,
    },
    { quoteVolume: tick.vol, changeFrom: open },
  );
};
