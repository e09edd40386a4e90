import { type Json, present, type Readings } from './reading.js';

/** Digit for digit, which JSON.parse would not keep. */
const idsOf = (text: string, key: string): string[] =>
  [...text.matchAll(new RegExp(`"${key}"\\s*:\\s*"?(\\d+)`, 'g'))].map((match) => match[1]!);

/** Names of SIMPLE frames. */
const long: Record<string, string> = {
  cd: 'code',
  tms: 'timestamp',
  op: 'opening_price',
  hp: 'high_price',
  lp: 'low_price',
  tp: 'trade_price',
  atv: 'acc_trade_volume',
  pcp: 'prev_closing_price',
  ttms: 'trade_timestamp',
  tv: 'trade_volume',
  ab: 'ask_bid',
  sid: 'sequential_id',
  st: 'stream_type',
  obu: 'orderbook_units',
  ap: 'ask_price',
  bp: 'bid_price',
  as: 'ask_size',
  bs: 'bid_size',
  ty: 'type',
};

const lengthen = (value: Json): Json =>
  Array.isArray(value)
    ? value.map(lengthen)
    : value && typeof value === 'object'
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [long[key] ?? key, lengthen(inner)]))
      : value;

/** Milliseconds or microseconds as seconds. */
const epoch = (value: number): number => (value > 1e15 ? value / 1e6 : value / 1e3);

/** Upbit, and Bithumb in the same words; SIMPLE frames are read by their long names. */
export const upbit: Readings = {
  ticker: (text) => {
    const d = lengthen(JSON.parse(text));
    return {
      records: [
        {
          code: d.code,
          timestamp: epoch(d.timestamp),
          open: d.opening_price,
          high: d.high_price,
          low: d.low_price,
          close: d.trade_price,
          volume: d.acc_trade_volume,
          quote_volume: d.acc_trade_price,
          prev_close: d.prev_closing_price,
          stream_type: d.stream_type,
        },
      ],
    };
  },
  trade: (text) => {
    const d = lengthen(JSON.parse(text));
    return {
      records: [
        {
          code: d.code,
          trade_timestamp: epoch(d.trade_timestamp),
          trade_price: d.trade_price,
          trade_volume: d.trade_volume,
          ask_bid: d.ask_bid === 'BID' ? 1 : -1,
          stream_type: d.stream_type,
          sequential_id: idsOf(text, 'sequential_id')[0] ?? idsOf(text, 'sid')[0],
          trade_amount: d.trade_price * d.trade_volume,
        },
      ],
    };
  },
  orderbook: (text) => {
    const d = lengthen(JSON.parse(text));
    return {
      records: [
        {
          code: d.code,
          ...(d.timestamp === undefined ? {} : { timestamp: epoch(d.timestamp) }),
          asks: present(d.orderbook_units.map((u: Json) => [u.ask_price, u.ask_size])),
          bids: present(d.orderbook_units.map((u: Json) => [u.bid_price, u.bid_size])),
          stream_type: d.stream_type ?? 'REALTIME',
        },
      ],
    };
  },
};
