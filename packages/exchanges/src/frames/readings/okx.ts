import { type Json, levels, type Readings, swap } from './reading.js';

export const okx: Readings = {
  ticker: (text) => ({
    records: JSON.parse(text).data.map((d: Json) => ({
      code: swap(d.instId, '-'),
      timestamp: Number(d.ts) / 1000,
      open: Number(d.open24h),
      high: Number(d.high24h),
      low: Number(d.low24h),
      close: Number(d.last),
      volume: Number(d.vol24h),
      quote_volume: Number(d.volCcy24h),
      window: '24h',
    })),
  }),
  trade: (text) => ({
    records: JSON.parse(text).data.map((d: Json) => ({
      code: swap(d.instId, '-'),
      trade_timestamp: Number(d.ts) / 1000,
      trade_price: Number(d.px),
      trade_volume: Number(d.sz),
      ask_bid: d.side === 'buy' ? 1 : -1,
      sequential_id: d.tradeId,
    })),
  }),
  orderbook: (text) => {
    const { arg, action, data } = JSON.parse(text);
    const [d] = data;
    const said = {
      code: swap(arg.instId, '-'),
      asks: levels(d.asks),
      bids: levels(d.bids),
      ...(d.seqId === undefined ? {} : { sequence: String(d.seqId) }),
    };
    return action === 'update' ? { changes: [said] } : { records: [{ ...said, timestamp: Number(d.ts) / 1000 }] };
  },
};
