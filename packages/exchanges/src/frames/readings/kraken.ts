import { type Json, objects, type Readings, seconds, swap } from './reading.js';

export const kraken: Readings = {
  ticker: (text) => ({
    records: JSON.parse(text)
      .data.filter((d: Json) => d.last > 0)
      .map((d: Json) => ({
        code: swap(d.symbol, '/'),
        high: d.high,
        low: d.low,
        close: d.last,
        volume: d.volume,
        window: '24h',
        ...(d.timestamp === undefined ? {} : { timestamp: seconds(d.timestamp) }),
        stream_type: JSON.parse(text).type === 'snapshot' ? 'SNAPSHOT' : 'REALTIME',
      })),
  }),
  trade: (text) => ({
    records: JSON.parse(text).data.map((d: Json) => ({
      code: swap(d.symbol, '/'),
      trade_timestamp: seconds(d.timestamp),
      trade_price: d.price,
      trade_volume: d.qty,
      ask_bid: d.side === 'buy' ? 1 : -1,
      sequential_id: String(d.trade_id),
      stream_type: JSON.parse(text).type === 'snapshot' ? 'SNAPSHOT' : 'REALTIME',
    })),
  }),
  orderbook: (text) => {
    const { type, data } = JSON.parse(text);
    const said = { code: swap(data[0].symbol, '/'), asks: objects(data[0].asks), bids: objects(data[0].bids) };
    return type === 'snapshot' ? { records: [{ ...said, stream_type: 'SNAPSHOT' }] } : { changes: [said] };
  },
};
