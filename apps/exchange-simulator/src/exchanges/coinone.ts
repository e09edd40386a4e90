import type { RequestType } from '@naru/core';
import type { SimulatedLevel } from '../market/book-side.js';
import { digitsOf } from '../market/market.js';
import { tickerAt } from '../market/ticker.js';
import { tradeAt } from '../market/trade.js';
import type { Stream } from '../stream.js';
import { fieldsOf, isListed, type PlayedExchange, tryJson } from './played-exchange.js';

const kinds: Readonly<Record<string, RequestType>> = { TICKER: 'ticker', TRADE: 'trade', ORDERBOOK: 'orderbook' };
const levels = (list: readonly SimulatedLevel[]): object[] => list.map(({ price, size }) => ({ price, qty: size }));

function dataOf({ kind, market, book }: Stream, index: number, timestamp: number): object {
  if (kind === 'trade') {
    const { id, price, size, side } = tradeAt(market, index);
    return { id, timestamp, price: digitsOf(price), qty: digitsOf(size), is_seller_maker: side === 1 };
  }
  if (kind === 'orderbook') {
    const { asks, bids } = book.view();
    // Asks arrive worst first.
    return { timestamp, id: `${book.sequence}`, asks: levels(asks).reverse(), bids: levels(bids) };
  }
  const t = tickerAt(market, index);
  return {
    timestamp,
    quote_volume: digitsOf(t.quoteVolume),
    target_volume: digitsOf(t.volume),
    high: digitsOf(t.high),
    low: digitsOf(t.low),
    first: digitsOf(t.open),
    last: digitsOf(t.close),
    yesterday_last: digitsOf(t.prevClose),
    id: `${timestamp}001`,
  };
}

const frame = (stream: Stream, index: number, timeMs: number): string =>
  JSON.stringify({
    response_type: 'DATA',
    channel: stream.kind.toUpperCase(),
    data: {
      quote_currency: stream.market.quote,
      target_currency: stream.market.base,
      ...dataOf(stream, index, timeMs),
    },
  });

export const coinone: PlayedExchange = {
  name: 'coinone',
  framing: 'text',
  liveness: { cut: { afterMs: 1_800_000, without: 'client' }, mustSubscribeWithinMs: 60_700 },
  maxConnections: { count: 20, closeCode: 4290 },
  depth: () => 16,
  opened: (socket) => socket.send('{"response_type":"CONNECTED","data":{"session_id":"simulated"}}'),
  receive(text, socket) {
    const { request_type, channel, topic } = fieldsOf(tryJson(text));
    const kind = kinds[String(channel)];
    if (request_type === 'PING') {
      socket.send('{"response_type":"PONG"}');
    } else if (kind === undefined || (request_type !== 'SUBSCRIBE' && request_type !== 'UNSUBSCRIBE')) {
      socket.send('{"response_type":"ERROR","error_code":160011,"message":"Invalid Type","field":"channel"}');
    } else {
      const { quote_currency, target_currency } = fieldsOf(topic);
      const code = `${quote_currency}-${target_currency}`.toUpperCase();
      const data = { quote_currency, target_currency };
      socket.send(JSON.stringify({ response_type: `${request_type}D`, channel, data }));
      if (!isListed(code)) socket.send('{"response_type":"ERROR","error_code":160012,"message":"Invalid Topic"}');
      else if (request_type === 'SUBSCRIBE') socket.subscribe(kind, code);
      else socket.unsubscribe(kind, code);
    }
  },
  first: (stream, timeMs) =>
    stream.kind === 'orderbook' ? frame(stream, stream.next - 1, timeMs - 10_000) : undefined,
  frames: (stream, index, timeMs) => [frame(stream, index, timeMs)],
};
