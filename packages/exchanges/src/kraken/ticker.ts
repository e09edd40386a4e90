import { toNumber } from '../reading/numbers.js';
import { rfc3339Seconds } from '../reading/time.js';
import { difference } from '../records/difference.js';
import { addTicker } from '../records/ticker.js';
import type { KrakenReader } from './protocol.js';

/**
 * Rolling 24 hours. There is no open: it is the last price less its change. Frames before late 2025 have no time, for
 * which the receipt time then serves. A market nobody has traded sends no prices and becomes no record.
 */
export const krakenTicker: KrakenReader = (data, market, streamType, _text, reading) => {
  const close = toNumber(data.last);
  const open = difference(close, toNumber(data.change));
  const time = rfc3339Seconds(data.timestamp);
  addTicker(
    reading,
    {
      code: market.code,
      timestamp: time > 0 ? time : reading.receivedAt,
      open,
      high: toNumber(data.high),
      low: toNumber(data.low),
      close,
      volume: toNumber(data.volume),
      window: '24h',
      stream_type: streamType,
      received_at: reading.receivedAt,
    },
    { changeFrom: open },
  );
};
