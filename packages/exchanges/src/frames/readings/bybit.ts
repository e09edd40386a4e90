import { type Json, joined, levels, type Readings } from './reading.js';

export const bybit: Readings = {
  ticker: (text) => {
    const { ts, data: d } = JSON.parse(text);
    return {
      records: [
        {
          code: joined(d.symbol),
          timestamp: ts / 1000,
          open: Number(d.prevPrice24h),
          high: Number(d.highPrice24h),
          low: Number(d.lowPrice24h),
          close: Number(d.lastPrice),
          volume: Number(d.volume24h),
          quote_volume: Number(d.turnover24h),
        },
      ],
    };
  },
  trade: (text) => ({
    records: JSON.parse(text).data.map((d: Json) => ({
      code: joined(d.s),
      trade_timestamp: d.T / 1000,
      trade_price: Number(d.p),
      trade_volume: Number(d.v),
      ask_bid: d.S === 'Buy' ? 1 : -1,
      sequential_id: d.i,
    })),
  }),
  orderbook: (text) => {
    const { type, data: d } = JSON.parse(text);
    const said = { code: joined(d.s), sequence: String(d.u), asks: levels(d.a), bids: levels(d.b) };
    return type === 'snapshot' ? { records: [{ ...said, stream_type: 'SNAPSHOT' }] } : { changes: [said] };
  },
};
