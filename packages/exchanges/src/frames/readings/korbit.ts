import { type Json, objects, type Readings, swap } from './reading.js';

export const korbit: Readings = {
  ticker: (text) => {
    const { symbol, timestamp, snapshot, data: d } = JSON.parse(text);
    return {
      records: [
        {
          code: swap(symbol, '_'),
          timestamp: timestamp / 1000,
          open: Number(d.open),
          high: Number(d.high),
          low: Number(d.low),
          close: Number(d.close),
          volume: Number(d.volume),
          quote_volume: Number(d.quoteVolume),
          prev_close: Number(d.prevClose),
          window: '24h',
          stream_type: snapshot ? 'SNAPSHOT' : 'REALTIME',
        },
      ],
    };
  },
  trade: (text) => {
    const { symbol, snapshot, data } = JSON.parse(text);
    return {
      records: data.map((d: Json) => ({
        code: swap(symbol, '_'),
        trade_timestamp: d.timestamp / 1000,
        trade_price: Number(d.price),
        trade_volume: Number(d.qty),
        ask_bid: d.isBuyerTaker ? 1 : -1,
        sequential_id: `${d.tradeId}`,
        stream_type: snapshot ? 'SNAPSHOT' : 'REALTIME',
      })),
    };
  },
  orderbook: (text) => {
    const { symbol, snapshot, data: d } = JSON.parse(text);
    return {
      records: [
        {
          code: swap(symbol, '_'),
          timestamp: d.timestamp / 1000,
          asks: objects(d.asks),
          bids: objects(d.bids),
          stream_type: snapshot ? 'SNAPSHOT' : 'REALTIME',
        },
      ],
    };
  },
};
