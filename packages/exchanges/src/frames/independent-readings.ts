/**
 * A second reading of captured frames, written from the exchanges' documentation without the adapters' code: what each
 * data frame says, as partial records. Ids are taken from the text by regular expression.
 */

// biome-ignore lint/suspicious/noExplicitAny: frames of eleven shapes, each read once
type Json = any;

export interface Expected {
  readonly [field: string]: unknown;
}

/** Partial records of whole frames, and deltas as `changes`. */
export interface Reading {
  readonly records?: readonly Expected[];
  readonly changes?: readonly Expected[];
}

const n = (value: Json): number => Number(value);
const swap = (pair: string, by: string): string => pair.toUpperCase().split(by).reverse().join('-');
const idsOf = (text: string, key: string): string[] =>
  [...text.matchAll(new RegExp(`"${key}"\\s*:\\s*"?(\\d+)`, 'g'))].map((match) => match[1]!);
const us = (time: string): number => Date.parse(`${time.slice(0, 19)}Z`) / 1000 + Number(`0${time.slice(19, -1)}`);
const levels = (list: Json[] | undefined): number[][] => (list ?? []).map((pair) => [n(pair[0]), n(pair[1])]);
const objects = (list: Json[]): number[][] => list.map((level) => [n(level.price ?? level.p), n(level.qty ?? level.q)]);
const quotes = /^(.+)(USDT|USDC|BTC|BNB|ETH|USD)$/i;
const joined = (symbol: string): string => quotes.exec(symbol)!.slice(1).reverse().join('-').toUpperCase();
const sorted = (list: number[][], sign: number): number[][] => [...list].sort((a, b) => (a[0]! - b[0]!) * sign);
const present = (list: number[][]): number[][] => list.filter(([price, size]) => price! > 0 && size! > 0);

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
const epoch = (value: number): number => (value > 1e15 ? value / 1e6 : value / 1e3);

const upbitLike = {
  ticker: (text: string): Reading => {
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
  trade: (text: string): Reading => {
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
  orderbook: (text: string): Reading => {
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
const coinone = (text: string): Json => {
  const message = JSON.parse(text);
  const data = message.data ?? message.d;
  const d = Object.fromEntries(Object.entries<Json>(data).map(([key, value]) => [short[key] ?? key, value]));
  return { ...d, code: `${d.quote_currency}-${d.target_currency}` };
};

const binance = (text: string): Json => JSON.parse(text).data ?? JSON.parse(text);
const bitfinexTrade = (code: string, [id, mts, amount, price]: number[], stream_type: string): Expected => ({
  code,
  sequential_id: String(id),
  trade_timestamp: mts! / 1000,
  trade_volume: Math.abs(amount!),
  trade_price: price,
  ask_bid: amount! > 0 ? 1 : -1,
  stream_type,
});

/** Readings by `exchange.kind`; `code` is the market of a Bitfinex channel. */
export const readings: Readonly<Record<string, (text: string, code: string) => Reading>> = {
  'upbit.ticker': upbitLike.ticker,
  'upbit.trade': upbitLike.trade,
  'upbit.orderbook': upbitLike.orderbook,
  'bithumb.ticker': upbitLike.ticker,
  'bithumb.trade': upbitLike.trade,
  'bithumb.orderbook': upbitLike.orderbook,
  'coinone.ticker': (text) => {
    const d = coinone(text);
    return {
      records: [
        {
          code: d.code,
          timestamp: d.timestamp / 1000,
          open: n(d.first),
          high: n(d.high),
          low: n(d.low),
          close: n(d.last),
          volume: n(d.target_volume),
          quote_volume: n(d.quote_volume),
          prev_close: n(d.yesterday_last),
        },
      ],
    };
  },
  'coinone.trade': (text) => {
    const d = coinone(text);
    return {
      records: [
        {
          code: d.code,
          trade_timestamp: d.timestamp / 1000,
          trade_price: n(d.price),
          trade_volume: n(d.qty),
          ask_bid: d.is_seller_maker ? 1 : -1,
          sequential_id: d.id,
        },
      ],
    };
  },
  'coinone.orderbook': (text) => {
    const d = coinone(text);
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
  'korbit.ticker': (text) => {
    const { symbol, timestamp, snapshot, data: d } = JSON.parse(text);
    return {
      records: [
        {
          code: swap(symbol, '_'),
          timestamp: timestamp / 1000,
          open: n(d.open),
          high: n(d.high),
          low: n(d.low),
          close: n(d.close),
          volume: n(d.volume),
          quote_volume: n(d.quoteVolume),
          prev_close: n(d.prevClose),
          window: '24h',
          stream_type: snapshot ? 'SNAPSHOT' : 'REALTIME',
        },
      ],
    };
  },
  'korbit.trade': (text) => {
    const { symbol, snapshot, data } = JSON.parse(text);
    return {
      records: data.map((d: Json) => ({
        code: swap(symbol, '_'),
        trade_timestamp: d.timestamp / 1000,
        trade_price: n(d.price),
        trade_volume: n(d.qty),
        ask_bid: d.isBuyerTaker ? 1 : -1,
        sequential_id: `${d.tradeId}`,
        stream_type: snapshot ? 'SNAPSHOT' : 'REALTIME',
      })),
    };
  },
  'korbit.orderbook': (text) => {
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
  'binance.ticker': (text) => {
    const d = binance(text);
    return {
      records: [
        {
          code: joined(d.s),
          timestamp: d.E / 1000,
          open: n(d.o),
          high: n(d.h),
          low: n(d.l),
          close: n(d.c),
          volume: n(d.v),
          quote_volume: n(d.q),
          change_price: n(d.c) - n(d.x ?? d.o),
          ...(d.x === undefined ? {} : { prev_close: n(d.x) }),
        },
      ],
    };
  },
  'binance.trade': (text) => {
    const d = binance(text);
    return {
      records: [
        {
          code: joined(d.s),
          trade_timestamp: d.T / 1000,
          trade_price: n(d.p),
          trade_volume: n(d.q),
          ask_bid: d.m ? -1 : 1,
          sequential_id: String(d.e === 'trade' ? d.t : d.a),
        },
      ],
    };
  },
  'binance.orderbook': (text) => {
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
  'bybit.ticker': (text) => {
    const { ts, data: d } = JSON.parse(text);
    return {
      records: [
        {
          code: joined(d.symbol),
          timestamp: ts / 1000,
          open: n(d.prevPrice24h),
          high: n(d.highPrice24h),
          low: n(d.lowPrice24h),
          close: n(d.lastPrice),
          volume: n(d.volume24h),
          quote_volume: n(d.turnover24h),
        },
      ],
    };
  },
  'bybit.trade': (text) => ({
    records: JSON.parse(text).data.map((d: Json) => ({
      code: joined(d.s),
      trade_timestamp: d.T / 1000,
      trade_price: n(d.p),
      trade_volume: n(d.v),
      ask_bid: d.S === 'Buy' ? 1 : -1,
      sequential_id: d.i,
    })),
  }),
  'bybit.orderbook': (text) => {
    const { type, data: d } = JSON.parse(text);
    const said = { code: joined(d.s), sequence: String(d.u), asks: levels(d.a), bids: levels(d.b) };
    return type === 'snapshot' ? { records: [{ ...said, stream_type: 'SNAPSHOT' }] } : { changes: [said] };
  },
  'okx.ticker': (text) => ({
    records: JSON.parse(text).data.map((d: Json) => ({
      code: swap(d.instId, '-'),
      timestamp: n(d.ts) / 1000,
      open: n(d.open24h),
      high: n(d.high24h),
      low: n(d.low24h),
      close: n(d.last),
      volume: n(d.vol24h),
      quote_volume: n(d.volCcy24h),
      window: '24h',
    })),
  }),
  'okx.trade': (text) => ({
    records: JSON.parse(text).data.map((d: Json) => ({
      code: swap(d.instId, '-'),
      trade_timestamp: n(d.ts) / 1000,
      trade_price: n(d.px),
      trade_volume: n(d.sz),
      ask_bid: d.side === 'buy' ? 1 : -1,
      sequential_id: d.tradeId,
    })),
  }),
  'okx.orderbook': (text) => {
    const { arg, action, data } = JSON.parse(text);
    const [d] = data;
    const said = {
      code: swap(arg.instId, '-'),
      asks: levels(d.asks),
      bids: levels(d.bids),
      ...(d.seqId === undefined ? {} : { sequence: String(d.seqId) }),
    };
    return action === 'update' ? { changes: [said] } : { records: [{ ...said, timestamp: n(d.ts) / 1000 }] };
  },
  'htx.ticker': (text) => {
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
  'htx.trade': (text) => {
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
  'htx.orderbook': (text) => {
    const { ch, rep, tick, data } = JSON.parse(text);
    if (rep !== undefined) return { records: [{ code: joined(rep.split('.')[1]), stream_type: 'SNAPSHOT' }] };
    const d = tick ?? data;
    const said = { code: joined(ch.split('.')[1]), asks: levels(d.asks), bids: levels(d.bids) };
    return ch.includes('.mbp.')
      ? { changes: [{ ...said, sequence: String(d.seqNum) }] }
      : { records: [{ ...said, sequence: String(d.version) }] };
  },
  'coinbase.ticker': (text) => {
    const d = JSON.parse(text);
    return {
      records: [
        {
          code: swap(d.product_id, '-'),
          timestamp: us(d.time),
          open: n(d.open_24h),
          high: n(d.high_24h),
          low: n(d.low_24h),
          close: n(d.price),
          volume: n(d.volume_24h),
          change_price: n(d.price) - n(d.open_24h),
        },
      ],
    };
  },
  'coinbase.trade': (text) => {
    const d = JSON.parse(text);
    return {
      records: [
        {
          code: swap(d.product_id, '-'),
          trade_timestamp: us(d.time),
          trade_price: n(d.price),
          trade_volume: n(d.size),
          ask_bid: d.side === 'sell' ? 1 : -1,
          sequential_id: String(d.trade_id),
          stream_type: d.type === 'match' ? 'REALTIME' : 'SNAPSHOT',
        },
      ],
    };
  },
  'coinbase.orderbook': (text) => {
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
  'kraken.ticker': (text) => ({
    records: JSON.parse(text)
      .data.filter((d: Json) => d.last > 0)
      .map((d: Json) => ({
        code: swap(d.symbol, '/'),
        high: d.high,
        low: d.low,
        close: d.last,
        volume: d.volume,
        window: '24h',
        ...(d.timestamp === undefined ? {} : { timestamp: us(d.timestamp) }),
        stream_type: JSON.parse(text).type === 'snapshot' ? 'SNAPSHOT' : 'REALTIME',
      })),
  }),
  'kraken.trade': (text) => ({
    records: JSON.parse(text).data.map((d: Json) => ({
      code: swap(d.symbol, '/'),
      trade_timestamp: us(d.timestamp),
      trade_price: d.price,
      trade_volume: d.qty,
      ask_bid: d.side === 'buy' ? 1 : -1,
      sequential_id: String(d.trade_id),
      stream_type: JSON.parse(text).type === 'snapshot' ? 'SNAPSHOT' : 'REALTIME',
    })),
  }),
  'kraken.orderbook': (text) => {
    const { type, data } = JSON.parse(text);
    const said = { code: swap(data[0].symbol, '/'), asks: objects(data[0].asks), bids: objects(data[0].bids) };
    return type === 'snapshot' ? { records: [{ ...said, stream_type: 'SNAPSHOT' }] } : { changes: [said] };
  },
  'bitfinex.ticker': (text, code) => {
    const d = JSON.parse(text)[1];
    return { records: [{ code, close: d[6], volume: d[7], high: d[8], low: d[9] }] };
  },
  'bitfinex.trade': (text, code) => {
    const [, first, second] = JSON.parse(text);
    if (first === 'tu') return { records: [] };
    if (first === 'te') return { records: [bitfinexTrade(code, second, 'REALTIME')] };
    return { records: first.toReversed().map((trade: number[]) => bitfinexTrade(code, trade, 'SNAPSHOT')) };
  },
  'bitfinex.orderbook': (text, code) => {
    const [, payload] = JSON.parse(text);
    const side = (rows: number[][], sign: number): number[][] =>
      rows.filter((row) => row[2]! * sign > 0).map((row) => [row[0]!, row[1] === 0 ? 0 : Math.abs(row[2]!)]);
    if (typeof payload[0] === 'number')
      return { changes: [{ code, asks: side([payload], -1), bids: side([payload], 1) }] };
    return { records: [{ code, asks: sorted(side(payload, -1), 1), bids: sorted(side(payload, 1), -1) }] };
  },
};
