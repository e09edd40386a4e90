import type { RequestType } from '@naru/core';
import { BookPublisher } from '../books/book-publisher.js';
import { unnumbered } from '../books/continuity.js';
import { DeltaBooks } from '../books/delta-books.js';
import { createSides, pushLevel } from '../books/levels.js';
import { IdReader } from '../reading/digits.js';
import { isObject, type JsonObject } from '../reading/json.js';
import { toNumber } from '../reading/numbers.js';
import { rfc3339Seconds } from '../reading/time.js';
import { addTicker } from '../records/ticker.js';
import { addTrade } from '../records/trade.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { Market } from '../session/markets.js';
import type { Reading } from '../session/reading.js';
import type { Protocol } from '../session/stream-session.js';

export const advancedHost = 'advanced-trade-ws.coinbase.com';

type EventReader = (event: JsonObject, time: number, text: string, reading: Reading) => void;

const channels: Readonly<Record<RequestType, string>> = {
  ticker: 'ticker',
  trade: 'market_trades',
  orderbook: 'level2',
};
const dataChannels: Readonly<Record<string, RequestType>> = {
  ticker: 'ticker',
  market_trades: 'trade',
  l2_data: 'orderbook',
};

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/**
 * Coinbase Advanced Trade, the exchange's other address.
 *
 *     request  {"type":"subscribe","product_ids":["BTC-USD"],"channel":"level2"}, one channel per message
 *     frame    {"channel":…,"timestamp":…,"sequence_num":n,"events":[…]}
 *
 * `sequence_num` counts every frame of the socket: after a gap every order book starts over.
 */
export function advancedProtocol(context: ProtocolContext): Protocol {
  const { kind, markets } = context;
  const reader = kind === 'ticker' ? tickerReader(context) : kind === 'trade' ? tradeReader(context) : undefined;
  const book = kind === 'orderbook' ? bookReader(context) : undefined;
  const frame = (type: string, channel: string, part: readonly Market[]): { payload: string } => ({
    payload: JSON.stringify({ type, product_ids: part.map((market) => market.wire), channel }),
  });
  let last = Number.NaN;
  let beating = false;

  const count = (value: unknown, reading: Reading): void => {
    const number = toNumber(value);
    if (number > last + 1) {
      reading.fail('gap', `${number - last - 1} frames of the socket did not arrive.`);
      book?.loseAll(reading);
    }
    if (number >= 0) last = number;
  };

  return {
    change: ({ added, removed }) => {
      const frames = removed.length > 0 ? [frame('unsubscribe', channels[kind], removed)] : [];
      if (added.length > 0) frames.push(frame('subscribe', channels[kind], added));
      // Without heartbeats a quiet socket is closed.
      if (!beating) frames.push({ payload: '{"type":"subscribe","channel":"heartbeats"}' });
      beating = true;
      return frames;
    },
    read: (message, text, reading) => {
      if (!isObject(message)) return;
      if (message.type === 'error') {
        reading.class = 'error';
        reading.reject(String(message.message));
        return;
      }
      if (typeof message.channel !== 'string') return;
      if (beating) count(message.sequence_num, reading);
      if (message.channel === 'heartbeats') {
        reading.class = 'heartbeat';
      } else if (message.channel === 'subscriptions') {
        reading.class = 'acknowledgement';
        for (const event of list(message.events)) {
          const names = isObject(event) && isObject(event.subscriptions) ? event.subscriptions[channels[kind]] : [];
          for (const name of list(names)) if (typeof name === 'string') markets.confirm(markets.find(name), reading);
        }
      } else if (Object.hasOwn(dataChannels, message.channel)) {
        reading.class = 'data';
        if (dataChannels[message.channel] !== kind) return;
        const time = rfc3339Seconds(message.timestamp);
        for (const event of list(message.events)) {
          if (isObject(event)) (reader ?? book!.read)(event, time, text, reading);
          else reading.fail('shape', 'An event is no object.');
        }
      } else {
        reading.class = 'control';
      }
    },
    flush: (reading) => book?.flush(reading),
  };
}

/** There is no open: it is the price before its percentage of change, which is rounded to the exchange's digits. */
function tickerReader({ markets }: ProtocolContext): EventReader {
  return (event, time, _text, reading) => {
    for (const ticker of list(event.tickers)) {
      const market = isObject(ticker) ? markets.ofData(ticker.product_id, reading) : undefined;
      if (!isObject(ticker) || market === undefined) continue;
      const close = toNumber(ticker.price);
      const open = close / (1 + toNumber(ticker.price_percent_chg_24_h) / 100);
      addTicker(
        reading,
        {
          code: market.code,
          timestamp: time,
          open,
          high: toNumber(ticker.high_24_h),
          low: toNumber(ticker.low_24_h),
          close,
          volume: toNumber(ticker.volume_24_h),
          window: '24h',
          stream_type: event.type === 'snapshot' ? 'SNAPSHOT' : 'REALTIME',
          received_at: reading.receivedAt,
        },
        { changeFrom: open },
      );
    }
  };
}

/** `side` is the maker's, as the documentation has it, so the taker's is the other one. */
function tradeReader({ markets }: ProtocolContext): EventReader {
  const ids = new IdReader('trade_id');
  return (event, _time, text, reading) => {
    for (const trade of list(event.trades)) {
      const market = isObject(trade) ? markets.ofData(trade.product_id, reading) : undefined;
      if (!isObject(trade) || market === undefined) continue;
      addTrade(
        reading,
        market.code,
        rfc3339Seconds(trade.time),
        toNumber(trade.price),
        toNumber(trade.size),
        trade.side === 'SELL' ? 1 : trade.side === 'BUY' ? -1 : 0,
        ids.next(trade.trade_id, text, reading),
        event.type === 'snapshot' ? 'SNAPSHOT' : 'REALTIME',
      );
    }
  };
}

interface BookReader {
  readonly read: EventReader;
  loseAll(reading: Reading): void;
  flush(reading: Reading): void;
}

function bookReader(context: ProtocolContext): BookReader {
  const publisher = new BookPublisher(context);
  const sides = createSides();
  const known = new Set<Market>();
  const books = new DeltaBooks({
    continuity: unnumbered,
    publisher,
    changes: context.changes,
    resync: (market, why, reading) => {
      if (why === 'absent') return;
      for (const type of ['unsubscribe', 'subscribe']) {
        reading.reply(JSON.stringify({ type, product_ids: [market.wire], channel: 'level2' }));
      }
    },
  });
  return {
    read: (event, time, _text, reading) => {
      const market = context.markets.ofData(event.product_id, reading);
      if (market === undefined) return;
      sides.asks.clear();
      sides.bids.clear();
      let bad = Array.isArray(event.updates) ? 0 : 1;
      for (const update of list(event.updates)) {
        if (!isObject(update)) bad += 1;
        else {
          const side = update.side === 'bid' ? sides.bids : sides.asks;
          bad += pushLevel(side, toNumber(update.price_level), toNumber(update.new_quantity));
        }
      }
      if (bad > 0 || !(time > 0)) {
        reading.fail('shape', 'The order book lacks a time or two numbers per level.', market.code);
        books.lose(market, reading);
      } else if (event.type === 'snapshot') {
        known.add(market);
        books.snapshot(market, sides, Number.NaN, time, undefined, reading);
      } else {
        const numbers = { first: Number.NaN, previous: Number.NaN, last: Number.NaN };
        books.delta(market, sides, numbers, time, undefined, reading);
      }
    },
    loseAll: (reading) => {
      for (const market of known) {
        if (context.markets.find(market.wire) === market) books.lose(market, reading);
        else known.delete(market);
      }
    },
    flush: (reading) => publisher.flush(reading),
  };
}
