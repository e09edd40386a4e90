import { type Json, joined, levels, type Readings } from './reading.js';

const payload = (text: string): Json => JSON.parse(text).data ?? JSON.parse(text);

export const binance: Readings = {
  ticker: (text) => {
    const d = payload(text);
    return {
      records: [
        {
          code: joined(d.s),
          timestamp: d.E / 1000,
          open: Number(d.o),
          high: Number(d.h),
          low: Number(d.l),
          close: Number(d.c),
          volume: Number(d.v),
          quote_volume: Number(d.q),
          change_price: Number(d.c) - Number(d.x ?? d.o),
          ...(d.x === undefined ? {} : { prev_close: Number(d.x) }),
        },
      ],
    };
  },
  trade: (text) => {
    const d = payload(text);
    return {
      records: [
        {
          code: joined(d.s),
          trade_timestamp: d.T / 1000,
          trade_price: Number(d.p),
          trade_volume: Number(d.q),
          ask_bid: d.m ? -1 : 1,
          sequential_id: String(d.e === 'trade' ? d.t : d.a),
        },
      ],
    };
  },
  orderbook: (text) => {
    const { stream, data: d } = JSON.parse(text);
    if (d.e === 'depthUpdate') {
      return { changes: [{ code: joined(d.s), sequence: String(d.u), asks: levels(d.a), bids: levels(d.b) }] };
    }
    return {
      records: [
        {
          code: joined(stream.split('@')[0]),
          sequence: String(d.lastUpdateId),
          asks: levels(d.asks),
          bids: levels(d.bids),
        },
      ],
    };
  },
};
