import type { TickerWindow } from '@naru/core';
import { toNumber } from '../reading/numbers.js';
import { epochSeconds } from '../reading/time.js';
import { addTicker } from '../records/ticker.js';
import { streamTypeOf, type UpbitReader } from './protocol.js';

/**
 * Open, high and low cover the calendar day, and so do `acc_trade_volume` and `acc_trade_price`: the record uses
 * these, not the rolling `*_24h` figures beside them, so that all of it covers one window.
 */
export function upbitTicker(window: TickerWindow): UpbitReader {
  return (data, market, _text, reading) => {
    const time = epochSeconds(data.timestamp ?? data.tms);
    addTicker(
      reading,
      {
        code: market.code,
        timestamp: time > 0 ? time : epochSeconds(data.trade_timestamp ?? data.ttms),
        open: toNumber(data.opening_price ?? data.op),
        high: toNumber(data.high_price ?? data.hp),
        low: toNumber(data.low_price ?? data.lp),
        close: toNumber(data.trade_price ?? data.tp),
        volume: toNumber(data.acc_trade_volume ?? data.atv),
        window,
        stream_type: streamTypeOf(data),
        received_at: reading.receivedAt,
      },
      { quoteVolume: data.acc_trade_price ?? data.atp, prevClose: data.prev_closing_price ?? data.pcp },
    );
  };
}
