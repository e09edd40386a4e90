import { toNumber } from '../reading/numbers.js';
import { epochSeconds } from '../reading/time.js';
import { addTicker } from '../records/ticker.js';
import type { CoinoneReader } from './protocol.js';

/**
 * First, high and low are of the calendar day while the volumes roll over 24 hours: the record names no window,
 * because none covers all of it. The change is between figures of days: last and yesterday's last.
 */
export const coinoneTicker: CoinoneReader = (data, market, reading) => {
  addTicker(
    reading,
    {
      code: market.code,
      timestamp: epochSeconds(data.timestamp ?? data.t),
      open: toNumber(data.first ?? data.fi),
      high: toNumber(data.high ?? data.hi),
      low: toNumber(data.low ?? data.lo),
      close: toNumber(data.last ?? data.la),
      volume: toNumber(data.target_volume ?? data.tv),
      stream_type: 'REALTIME',
      received_at: reading.receivedAt,
    },
    { quoteVolume: data.quote_volume ?? data.qv, prevClose: data.yesterday_last ?? data.yla },
  );
};
