import { toNumber } from '../reading/numbers.js';
import { difference } from '../records/difference.js';
import { addTicker } from '../records/ticker.js';
import type { BitfinexOptions } from './protocol.js';

/**
 * `[BID,BID_SIZE,ASK,ASK_SIZE,DAILY_CHANGE,DAILY_CHANGE_RELATIVE,LAST,VOLUME,HIGH,LOW]`, the open being the last price
 * less the change. The documentation calls all of it "daily" without saying since when: the record names no window.
 */
export const bitfinexTicker: BitfinexOptions['reader'] = ({ market, payload, time }, _text, reading) => {
  const close = toNumber(payload[6]);
  const open = difference(close, toNumber(payload[4]));
  addTicker(
    reading,
    {
      code: market.code,
      timestamp: time > 0 ? time : reading.receivedAt,
      open,
      high: toNumber(payload[8]),
      low: toNumber(payload[9]),
      close,
      volume: toNumber(payload[7]),
      stream_type: 'REALTIME',
      received_at: reading.receivedAt,
    },
    { changeFrom: open },
  );
};
