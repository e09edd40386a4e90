import { type Json, objects, type Readings, sorted } from './reading.js';

/** Names of SHORT frames. */
const short: Record<string, string> = {
  qc: 'quote_currency',
  tc: 'target_currency',
  t: 'timestamp',
  fi: 'first',
  hi: 'high',
  lo: 'low',
  la: 'last',
  tv: 'target_volume',
  qv: 'quote_volume',
  yla: 'yesterday_last',
  i: 'id',
  p: 'price',
  q: 'qty',
  sm: 'is_seller_maker',
  a: 'asks',
  b: 'bids',
};
const payload = (text: string): Json => {
  const message = JSON.parse(text);
  const data = message.data ?? message.d;
  const d = Object.fromEntries(Object.entries<Json>(data).map(([key, value]) => [short[key] ?? key, value]));
  return { ...d, code: `${d.quote_currency}-${d.target_currency}` };
};

export const coinone: Readings = {
  ticker: (text) => {
    const d = payload(text);
    return {
      records: [
        {
          code: d.code,
          timestamp: d.timestamp / 1000,
          open: Number(d.first),
          high: Number(d.high),
          low: Number(d.low),
          close: Number(d.last),
          volume: Number(d.target_volume),
          quote_volume: Number(d.quote_volume),
          prev_close: Number(d.yesterday_last),
        },
      ],
    };
  },
  trade: (text) => {
    const d = payload(text);
    return {
      records: [
        {
          code: d.code,
          trade_timestamp: d.timestamp / 1000,
          trade_price: Number(d.price),
          trade_volume: Number(d.qty),
          ask_bid: d.is_seller_maker ? 1 : -1,
          sequential_id: d.id,
        },
      ],
    };
  },
  orderbook: (text) => {
    const d = payload(text);
    return {
      records: [
        {
          code: d.code,
          timestamp: d.timestamp / 1000,
          sequence: d.id,
          asks: sorted(objects(d.asks), 1),
          bids: objects(d.bids),
        },
      ],
    };
  },
};
