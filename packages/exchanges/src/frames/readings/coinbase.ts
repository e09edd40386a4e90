import { type Json, levels, present, type Readings, seconds, sorted, swap } from './reading.js';

export const coinbase: Readings = {
  ticker: (text) => {
    const d = JSON.parse(text);
    return {
      records: [
        {
          code: swap(d.product_id, '-'),
          timestamp: seconds(d.time),
          open: Number(d.open_24h),
          high: Number(d.high_24h),
          low: Number(d.low_24h),
          close: Number(d.price),
          volume: Number(d.volume_24h),
          change_price: Number(d.price) - Number(d.open_24h),
        },
      ],
    };
  },
  trade: (text) => {
    const d = JSON.parse(text);
    return {
      records: [
        {
          code: swap(d.product_id, '-'),
          trade_timestamp: seconds(d.time),
          trade_price: Number(d.price),
          trade_volume: Number(d.size),
          ask_bid: d.side === 'sell' ? 1 : -1,
          sequential_id: String(d.trade_id),
          stream_type: d.type === 'match' ? 'REALTIME' : 'SNAPSHOT',
        },
      ],
    };
  },
  orderbook: (text) => {
    const d = JSON.parse(text);
    const code = swap(d.product_id, '-');
    const valid = (list: number[][]): number[][] => list.filter(([price, size]) => price! > 0 && size! >= 0);
    if (d.type === 'snapshot') {
      const side = (list: Json, sign: number) => sorted(present(levels(list)), sign);
      return { records: [{ code, asks: side(d.asks, 1), bids: side(d.bids, -1), stream_type: 'SNAPSHOT' }] };
    }
    const of = (side: string): number[][] =>
      valid(levels(d.changes.filter((c: Json) => c[0] === side).map((c: Json) => c.slice(1))));
    return { changes: [{ code, asks: of('sell'), bids: of('buy') }] };
  },
};
