import { type Expected, type Readings, sorted } from './reading.js';

const readTrade = (code: string, [id, mts, amount, price]: number[], stream_type: string): Expected => ({
  code,
  sequential_id: String(id),
  trade_timestamp: mts! / 1000,
  trade_volume: Math.abs(amount!),
  trade_price: price,
  ask_bid: amount! > 0 ? 1 : -1,
  stream_type,
});

export const bitfinex: Readings = {
  ticker: (text, code) => {
    const d = JSON.parse(text)[1];
    return { records: [{ code, close: d[6], volume: d[7], high: d[8], low: d[9] }] };
  },
  trade: (text, code) => {
    const [, first, second] = JSON.parse(text);
    if (first === 'tu') return { records: [] };
    if (first === 'te') return { records: [readTrade(code, second, 'REALTIME')] };
    return { records: first.toReversed().map((trade: number[]) => readTrade(code, trade, 'SNAPSHOT')) };
  },
  orderbook: (text, code) => {
    const [, payload] = JSON.parse(text);
    const side = (rows: number[][], sign: number): number[][] =>
      rows.filter((row) => row[2]! * sign > 0).map((row) => [row[0]!, row[1] === 0 ? 0 : Math.abs(row[2]!)]);
    if (typeof payload[0] === 'number')
      return { changes: [{ code, asks: side([payload], -1), bids: side([payload], 1) }] };
    return { records: [{ code, asks: sorted(side(payload, -1), 1), bids: sorted(side(payload, 1), -1) }] };
  },
};
