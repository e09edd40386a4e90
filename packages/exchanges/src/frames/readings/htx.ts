import { type Json, joined, levels, type Readings } from './reading.js';

export const htx: Readings = {
  ticker: (text) => {
    const { ch, ts, tick: d } = JSON.parse(text);
    return {
      records: [
        {
          code: joined(ch.split('.')[1]),
          timestamp: ts / 1000,
          open: d.open,
          high: d.high,
          low: d.low,
          close: d.close,
          volume: d.amount,
          quote_volume: d.vol,
        },
      ],
    };
  },
  trade: (text) => {
    const { ch, tick } = JSON.parse(text);
    return {
      records: tick.data.map((d: Json) => ({
        code: joined(ch.split('.')[1]),
        trade_timestamp: d.ts / 1000,
        trade_price: d.price,
        trade_volume: d.amount,
        ask_bid: d.direction === 'buy' ? 1 : -1,
        sequential_id: String(d.tradeId),
      })),
    };
  },
  orderbook: (text) => {
    const { ch, rep, tick, data } = JSON.parse(text);
    if (rep !== undefined) return { records: [{ code: joined(rep.split('.')[1]), stream_type: 'SNAPSHOT' }] };
    const d = tick ?? data;
    const said = { code: joined(ch.split('.')[1]), asks: levels(d.asks), bids: levels(d.bids) };
    return ch.includes('.mbp.')
      ? { changes: [{ ...said, sequence: String(d.seqNum) }] }
      : { records: [{ ...said, sequence: String(d.version) }] };
  },
};
