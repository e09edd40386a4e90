import { toNumber } from '../reading/numbers.js';
import { epochSeconds } from '../reading/time.js';
import { addTicker } from '../records/ticker.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { BinanceReader } from './protocol.js';

/**
 * `24hrTicker`. The exchange's own change `p` is counted from the open `o`, while `x` is the last price before the
 * window: where `x` is there the record's change is counted from it, otherwise from the open.
 */
export function binanceTicker({ markets }: ProtocolContext): BinanceReader {
  return (event, _stream, _text, reading) => {
    if (event.e !== '24hrTicker') return;
    const market = markets.ofData(event.s, reading);
    if (market === undefined) return;
    const open = toNumber(event.o);
    addTicker(
      reading,
      {
        code: market.code,
        timestamp: epochSeconds(event.E),
        open,
        high: toNumber(event.h),
        low: toNumber(event.l),
        close: toNumber(event.c),
        volume: toNumber(event.v),
        window: '24h',
        stream_type: 'REALTIME',
        received_at: reading.receivedAt,
      },
      { quoteVolume: event.q, prevClose: event.x, changeFrom: open },
    );
  };
}
