import type { Side, StreamType } from '@naru/core';
import type { Reading } from '../session/reading.js';

/** Adds a trade to the reading if it is whole, otherwise reports it. Time in Unix seconds. */
export function addTrade(
  reading: Reading,
  code: string,
  time: number,
  price: number,
  volume: number,
  side: Side,
  id: string | undefined,
  streamType: StreamType,
): void {
  const amount = price * volume;
  if (!(time > 0 && price > 0 && volume > 0 && amount - amount === 0) || id === undefined) {
    reading.fail('shape', 'The trade lacks a time, an id, a price or a volume that is a positive number.', code);
    return;
  }
  reading.record({
    code,
    trade_timestamp: time,
    trade_price: price,
    trade_volume: volume,
    ask_bid: side,
    sequential_id: id,
    trade_amount: amount,
    stream_type: streamType,
    received_at: reading.receivedAt,
  });
}
