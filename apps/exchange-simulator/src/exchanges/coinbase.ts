import type { RequestType } from '@naru/core';
import type { SimulatedLevel } from '../market/book-side.js';
import { digitsOf } from '../market/market.js';
import { tickerAt } from '../market/ticker.js';
import { tradeAt } from '../market/trade.js';
import type { Stream } from '../stream.js';
import { elementsOf, fieldsOf, isListed, type PlayedExchange, type PlayedSocket, tryJson } from './played-exchange.js';

const kinds: Readonly<Record<string, RequestType>> = { ticker: 'ticker', matches: 'trade', level2_batch: 'orderbook' };
/** `level2_batch` is echoed under another name. */
const echoes: Readonly<Record<RequestType, string>> = { ticker: 'ticker', trade: 'matches', orderbook: 'level2_50' };
const productOf = ({ market }: Stream): string => `${market.base}-${market.quote}`;
const pairs = (list: readonly SimulatedLevel[]): string[][] => list.map(({ price, size }) => [price, size]);
const timeOf = (timeMs: number): string => new Date(timeMs).toISOString().replace('Z', '000Z');

function tradeFrame(stream: Stream, index: number, timeMs: number, type: string): string {
  const { id, price, size, side } = tradeAt(stream.market, index);
  return JSON.stringify({
    type,
    trade_id: Number(id),
    // The maker's side.
    side: side === 1 ? 'sell' : 'buy',
    size: digitsOf(size),
    price: digitsOf(price),
    product_id: productOf(stream),
    sequence: index + 2,
    time: timeOf(timeMs),
  });
}

function tickerFrame(stream: Stream, index: number, timeMs: number): string {
  const t = tickerAt(stream.market, index);
  return JSON.stringify({
    type: 'ticker',
    sequence: index + 1,
    product_id: productOf(stream),
    price: digitsOf(t.close),
    open_24h: digitsOf(t.open),
    volume_24h: digitsOf(t.volume),
    low_24h: digitsOf(t.low),
    high_24h: digitsOf(t.high),
    side: 'buy',
    time: timeOf(timeMs),
    trade_id: index + 1,
  });
}

function updateFrame(stream: Stream, timeMs: number): string {
  const { changes, fallen } = stream.step;
  const side = (name: string, list: readonly SimulatedLevel[]): string[][] =>
    pairs(list).map((pair) => [name, ...pair]);
  const all = [...side('sell', [...changes.asks, ...fallen.asks]), ...side('buy', [...changes.bids, ...fallen.bids])];
  return JSON.stringify({ type: 'l2update', product_id: productOf(stream), changes: all, time: timeOf(timeMs) });
}

/** All that the socket has now. */
function subscriptions(socket: PlayedSocket): string {
  const channels = (Object.keys(echoes) as RequestType[]).map((kind) => ({
    name: echoes[kind],
    product_ids: socket.streams.filter((stream) => stream.kind === kind).map(productOf),
    account_ids: null,
  }));
  return JSON.stringify({
    type: 'subscriptions',
    channels: channels.filter((channel) => channel.product_ids.length > 0),
  });
}

export const coinbase: PlayedExchange = {
  name: 'coinbase',
  framing: 'text',
  liveness: {
    mustSubscribeWithinMs: 5_000,
    beat: {
      everyMs: 1_000,
      send(socket) {
        for (const stream of socket.streams) {
          const last_trade_id = Number(tradeAt(stream.market, stream.next - 1).id);
          const time = timeOf(Date.now());
          const beat = { type: 'heartbeat', sequence: stream.next, last_trade_id, product_id: productOf(stream), time };
          if (stream.kind === 'trade') socket.send(JSON.stringify(beat));
          else socket.send(JSON.stringify({ ...beat, last_trade_id: 0 }));
        }
      },
    },
  },
  maxMessagesPerSecond: 100,
  receive(text, socket) {
    const { type, product_ids, channels } = fieldsOf(tryJson(text));
    const products = elementsOf(product_ids).map(String);
    const refuse = (reason: string): void =>
      socket.send(JSON.stringify({ type: 'error', message: 'Failed to subscribe', reason }));
    const codeOf = (product: string): string => product.split('-').reverse().join('-');
    const wrong = products.find((product) => !isListed(codeOf(product)));
    if (type !== 'subscribe' && type !== 'unsubscribe') {
      socket.send('{"type":"error","message":"Malformed JSON"}');
    } else if (wrong !== undefined) {
      refuse(`${wrong} is not a valid product`);
    } else {
      for (const channel of elementsOf(channels)) {
        const kind = kinds[String(channel)];
        if (kind === undefined && channel !== 'heartbeat') refuse(`${channel} is not a valid channel`);
        for (const product of kind === undefined ? [] : products) {
          if (type === 'subscribe') socket.subscribe(kind!, codeOf(product));
          else socket.unsubscribe(kind!, codeOf(product));
        }
      }
      socket.send(subscriptions(socket));
    }
  },
  first(stream, timeMs) {
    if (stream.kind === 'trade') return tradeFrame(stream, stream.next - 1, timeMs, 'last_match');
    if (stream.kind === 'ticker') return tickerFrame(stream, stream.next - 1, timeMs);
    const { asks, bids } = stream.book.view();
    return JSON.stringify({ type: 'snapshot', product_id: productOf(stream), asks: pairs(asks), bids: pairs(bids) });
  },
  frames(stream, index, timeMs) {
    if (stream.kind === 'orderbook') return [updateFrame(stream, timeMs)];
    return [stream.kind === 'ticker' ? tickerFrame(stream, index, timeMs) : tradeFrame(stream, index, timeMs, 'match')];
  },
};
