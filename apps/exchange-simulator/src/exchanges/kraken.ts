import { crc32 } from 'node:zlib';
import type { RequestType } from '@naru/core';
import type { BookView } from '../market/book.js';
import type { SimulatedLevel } from '../market/book-side.js';
import { digitsOf, numberOf } from '../market/market.js';
import { tickerAt } from '../market/ticker.js';
import { tradeAt } from '../market/trade.js';
import type { Stream } from '../stream.js';
import { elementsOf, fieldsOf, isListed, type PlayedExchange, tryJson } from './played-exchange.js';

const kinds: Readonly<Record<string, RequestType>> = { ticker: 'ticker', trade: 'trade', book: 'orderbook' };
const depths = [10, 25, 100, 500, 1000];
const symbolOf = ({ market }: Stream): string => `${market.base}/${market.quote}`;
const timeOf = (timeMs: number): string => new Date(timeMs).toISOString().replace('Z', '000Z');
const padded = (size: string): string => Number(size).toFixed(8);
const rows = (list: readonly SimulatedLevel[]): string =>
  `[${list.map(({ price, size }) => `{"price":${price},"qty":${padded(size)}}`)}]`;
const bare = (digits: string): string => digits.replace('.', '').replace(/^0+/, '');

/** Levels stay as they are while they are in a book, and most are in many checksums. */
const checksumTexts = new WeakMap<SimulatedLevel, string>();

function checksumText(level: SimulatedLevel): string {
  let text = checksumTexts.get(level);
  if (text === undefined) {
    text = bare(level.price) + bare(padded(level.size));
    checksumTexts.set(level, text);
  }
  return text;
}

/** CRC32 of the ten best asks, then the ten best bids. */
function checksumOf({ asks, bids }: BookView): number {
  const best = [...asks.slice(0, 10), ...bids.slice(0, 10)];
  return crc32(best.map(checksumText).join(''));
}

const bookFrame = (stream: Stream, type: string, view: BookView, timeMs: number): string =>
  `{"channel":"book","type":"${type}","data":[{"symbol":"${symbolOf(stream)}","bids":${rows(view.bids)},` +
  `"asks":${rows(view.asks)},"checksum":${checksumOf(stream.book.view())},"timestamp":"${timeOf(timeMs)}"}]}`;

function tradeFrame(stream: Stream, index: number, timeMs: number, type: string): string {
  const { id, price, size, side } = tradeAt(stream.market, index);
  return (
    `{"channel":"trade","type":"${type}","data":[{"symbol":"${symbolOf(stream)}","side":"${side === 1 ? 'buy' : 'sell'}",` +
    `"price":${digitsOf(price)},"qty":${digitsOf(size)},"ord_type":"market","trade_id":${id},"timestamp":"${timeOf(timeMs)}"}]}`
  );
}

function tickerFrame(stream: Stream, index: number, timeMs: number, type: string): string {
  const t = tickerAt(stream.market, index);
  const change = { units: t.close.units - t.open.units, decimals: t.close.decimals };
  const data = {
    symbol: symbolOf(stream),
    last: numberOf(t.close),
    volume: numberOf(t.volume),
    low: numberOf(t.low),
    high: numberOf(t.high),
    change: numberOf(change),
    timestamp: timeOf(timeMs),
  };
  return JSON.stringify({ channel: 'ticker', type, data: [data] });
}

export const kraken: PlayedExchange = {
  name: 'kraken',
  framing: 'text',
  liveness: {
    beat: {
      everyMs: 1_000,
      send: (socket) => {
        if (socket.streams.length > 0) socket.send('{"channel":"heartbeat"}');
      },
    },
    cut: { afterMs: 60_000, without: 'traffic' },
  },
  depth: (variant) => Number(variant) || 10,
  opened: (socket) =>
    socket.send(
      '{"channel":"status","type":"update","data":[{"version":"2.0.10","system":"online","api_version":"v2","connection_id":15113583034416118705}]}',
    ),
  maintenance:
    '{"channel":"status","type":"update","data":[{"version":"2.0.10","system":"maintenance","api_version":"v2"}]}',
  receive(text, socket) {
    const { method, params, req_id } = fieldsOf(tryJson(text));
    const { channel, symbol, depth } = fieldsOf(params);
    const kind = kinds[String(channel)];
    const time = { time_in: timeOf(Date.now()), time_out: timeOf(Date.now()), req_id };
    const refuse = (error: string, named?: unknown): void =>
      socket.send(JSON.stringify({ error, method, success: false, symbol: named, ...time }));
    if (method === 'ping') socket.send(JSON.stringify({ method: 'pong', ...time }));
    else if (kind === undefined || (method !== 'subscribe' && method !== 'unsubscribe')) refuse('Unsupported channel');
    else if (kind === 'orderbook' && depth !== undefined && !depths.includes(Number(depth))) {
      refuse('Subscription depth not supported');
    } else {
      const variant = kind === 'orderbook' ? String(depth ?? 10) : '';
      for (const name of elementsOf(symbol)) {
        const code = String(name).split('/').reverse().join('-');
        if (!isListed(code)) {
          refuse(`Currency pair not supported ${name}`, name);
          continue;
        }
        const result = { channel, symbol: name, snapshot: true, ...(variant === '' ? {} : { depth: Number(variant) }) };
        socket.send(JSON.stringify({ method, result, success: true, ...time }));
        if (method === 'subscribe') socket.subscribe(kind, code, variant);
        else socket.unsubscribe(kind, code, variant);
      }
    }
  },
  first(stream, timeMs) {
    if (stream.kind === 'trade') return tradeFrame(stream, stream.next - 1, timeMs, 'snapshot');
    if (stream.kind === 'ticker') return tickerFrame(stream, stream.next - 1, timeMs, 'snapshot');
    return bookFrame(stream, 'snapshot', stream.book.view(), timeMs);
  },
  frames(stream, index, timeMs) {
    if (stream.kind === 'ticker') return [tickerFrame(stream, index, timeMs, 'update')];
    if (stream.kind === 'trade') return [tradeFrame(stream, index, timeMs, 'update')];
    // Levels that only fell below the subscribed depth are not named: clients cut the book themselves.
    return [bookFrame(stream, 'update', stream.step.changes, timeMs)];
  },
};
