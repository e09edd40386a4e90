import type { RequestType } from '@naru/core';
import { exchanges } from '@naru/exchanges';
import type { BookView } from '../market/book.js';
import type { SimulatedLevel } from '../market/book-side.js';
import { digitsOf } from '../market/market.js';
import { tickerAt } from '../market/ticker.js';
import { tradeAt } from '../market/trade.js';
import type { Stream } from '../stream.js';
import { elementsOf, fieldsOf, isListed, type PlayedExchange, tryJson } from './played-exchange.js';

const { symbols } = exchanges.get('bybit');
const symbolOf = ({ market }: Stream): string => market.base + market.quote;
const pairs = (list: readonly SimulatedLevel[]): string[][] => list.map(({ price, size }) => [price, size]);

/** Kind, variant and market of a topic such as `orderbook.50.BTCUSDT`. */
function topicOf(topic: string): readonly [kind: RequestType, code: string, variant: string] | undefined {
  const parts = topic.split('.');
  const code = symbols.toCode(parts.at(-1) ?? '');
  if (!isListed(code)) return undefined;
  if (parts[0] === 'tickers') return ['ticker', code, ''];
  if (parts[0] === 'publicTrade') return ['trade', code, ''];
  return parts[0] === 'orderbook' && ['1', '50', '200', '1000'].includes(parts[1]!)
    ? ['orderbook', code, parts[1]!]
    : undefined;
}

/** Updates are numbered one by one: by the index of the frame, from 2, as 1 means a restart. */
const bookFrame = (stream: Stream, type: string, view: BookView, ts: number): string =>
  JSON.stringify({
    topic: `orderbook.${stream.variant}.${symbolOf(stream)}`,
    ts,
    type,
    data: {
      s: symbolOf(stream),
      b: pairs(view.bids),
      a: pairs(view.asks),
      u: stream.next + 1,
      seq: stream.book.sequence,
    },
    cts: ts,
  });

function tickerFrame(stream: Stream, index: number, ts: number): string {
  const t = tickerAt(stream.market, index);
  const data = {
    symbol: symbolOf(stream),
    lastPrice: digitsOf(t.close),
    highPrice24h: digitsOf(t.high),
    lowPrice24h: digitsOf(t.low),
    prevPrice24h: digitsOf(t.open),
    volume24h: digitsOf(t.volume),
    turnover24h: digitsOf(t.quoteVolume),
  };
  return JSON.stringify({ topic: `tickers.${data.symbol}`, ts, type: 'snapshot', cs: index, data });
}

function tradeFrame(stream: Stream, index: number, ts: number): string {
  const { id, price, size, side } = tradeAt(stream.market, index);
  const s = symbolOf(stream);
  const S = side === 1 ? 'Buy' : 'Sell';
  const data = [{ i: id, T: ts, p: digitsOf(price), v: digitsOf(size), S, seq: index, s, BT: false, RPI: false }];
  return JSON.stringify({ topic: `publicTrade.${s}`, ts, type: 'snapshot', data });
}

export const bybit: PlayedExchange = {
  name: 'bybit',
  framing: 'text',
  liveness: { cut: { afterMs: 600_000, without: 'client' } },
  depth: (variant) => Number(variant) || 50,
  receive(text, socket) {
    const { op, args, req_id } = fieldsOf(tryJson(text));
    const answer = (success: boolean, ret_msg: string): void =>
      socket.send(JSON.stringify({ success, ret_msg, conn_id: 'simulated', req_id, op }));
    const topics = elementsOf(args).map((arg) => ({ arg, topic: topicOf(String(arg)) }));
    const wrong = topics.find(({ topic }) => topic === undefined);
    if (op === 'ping') answer(true, 'pong');
    else if (op !== 'subscribe' && op !== 'unsubscribe') answer(false, `Invalid op: ${op}`);
    else if (topics.length > 10) answer(false, 'args size >10');
    else if (wrong !== undefined) answer(false, `Invalid topic: ${wrong.arg}`);
    else {
      answer(true, op);
      for (const { topic } of topics) {
        if (op === 'subscribe') socket.subscribe(...topic!);
        else socket.unsubscribe(...topic!);
      }
    }
  },
  first: (stream, timeMs) =>
    stream.kind === 'orderbook' ? bookFrame(stream, 'snapshot', stream.book.view(), timeMs) : undefined,
  frames(stream, index, timeMs) {
    if (stream.kind === 'ticker') return [tickerFrame(stream, index, timeMs)];
    if (stream.kind === 'trade') return [tradeFrame(stream, index, timeMs)];
    const { changes, fallen } = stream.step;
    const view = { asks: [...changes.asks, ...fallen.asks], bids: [...changes.bids, ...fallen.bids] };
    return [bookFrame(stream, 'delta', view, timeMs)];
  },
};
