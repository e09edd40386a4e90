import { type RequestType, requestTypes } from '@naru/core';
import type { SimulatedLevel } from '../market/book-side.js';
import { digitsOf } from '../market/market.js';
import { tickerAt } from '../market/ticker.js';
import { tradeAt } from '../market/trade.js';
import type { Stream } from '../stream.js';
import { elementsOf, fieldsOf, isListed, type PlayedExchange, type PlayedSocket, tryJson } from './played-exchange.js';

const levels = (list: readonly SimulatedLevel[]): object[] => list.map(({ price, size }) => ({ price, qty: size }));

function dataOf({ kind, market, book }: Stream, index: number, timestamp: number): object {
  if (kind === 'trade') {
    const { id, price, size, side } = tradeAt(market, index);
    return [{ timestamp, price: digitsOf(price), qty: digitsOf(size), isBuyerTaker: side === 1, tradeId: Number(id) }];
  }
  if (kind === 'orderbook') {
    const { asks, bids } = book.view();
    return { timestamp, asks: levels(asks), bids: levels(bids) };
  }
  const t = tickerAt(market, index);
  return {
    open: digitsOf(t.open),
    high: digitsOf(t.high),
    low: digitsOf(t.low),
    close: digitsOf(t.close),
    prevClose: digitsOf(t.prevClose),
    volume: digitsOf(t.volume),
    quoteVolume: digitsOf(t.quoteVolume),
    lastTradedAt: timestamp,
  };
}

/** Live frames have no `snapshot` at all. */
const frame = (stream: Stream, index: number, timestamp: number, snapshot: boolean): string =>
  JSON.stringify({
    symbol: `${stream.market.base}_${stream.market.quote}`.toLowerCase(),
    timestamp,
    type: stream.kind,
    ...(snapshot ? { snapshot } : {}),
    data: dataOf(stream, index, timestamp),
  });

/** Code and message of what is wrong with a request, or nothing. */
function faultOf({ method, type, symbols }: Readonly<Record<string, unknown>>): readonly [string, string] | undefined {
  if (method !== 'subscribe' && method !== 'unsubscribe') return ['INVALID_REQUEST', 'invalid_method'];
  if (!requestTypes.includes(type as RequestType)) return ['INVALID_REQUEST', 'unknown_type'];
  const unknown = elementsOf(symbols).find(
    (symbol) => !isListed(codeOf(symbol)) || symbol !== `${symbol}`.toLowerCase(),
  );
  return unknown === undefined ? undefined : ['INVALID_SYMBOL', `The symbol does not exist (${unknown})`];
}

const codeOf = (symbol: unknown): string => String(symbol).toUpperCase().split('_').reverse().join('-');

/** A request with one unknown symbol subscribes nothing. */
function answer(request: Readonly<Record<string, unknown>>, socket: PlayedSocket): void {
  const { requestId, method, type, symbols } = request;
  const fault = faultOf(request);
  if (fault !== undefined) {
    const [code, message] = fault;
    socket.send(JSON.stringify({ status: 'fail', code, message, requestId }));
    return;
  }
  if (requestId !== undefined) socket.send(JSON.stringify({ status: 'success', requestId }));
  for (const code of elementsOf(symbols).map(codeOf)) {
    if (method === 'subscribe') socket.subscribe(type as RequestType, code);
    else socket.unsubscribe(type as RequestType, code);
  }
}

export const korbit: PlayedExchange = {
  name: 'korbit',
  framing: 'text',
  liveness: { beat: { everyMs: 30_000, send: 'protocol-ping' }, cut: { afterMs: 90_000, without: 'client' } },
  depth: () => 30,
  receive(text, socket) {
    const requests = tryJson(text);
    if (!Array.isArray(requests)) socket.send('{"status":"fail","message":"invalid_format"}');
    for (const request of elementsOf(requests)) answer(fieldsOf(request), socket);
  },
  first: (stream, timeMs) => frame(stream, stream.next - 1, timeMs, true),
  frames: (stream, index, timeMs) => [frame(stream, index, timeMs, false)],
};
