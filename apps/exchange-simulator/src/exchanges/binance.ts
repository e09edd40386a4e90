import type { RequestType } from '@naru/core';
import { exchanges } from '@naru/exchanges';
import type { SimulatedLevel } from '../market/book-side.js';
import { digitsOf } from '../market/market.js';
import { tickerAt } from '../market/ticker.js';
import { tradeAt } from '../market/trade.js';
import type { Stream } from '../stream.js';
import { elementsOf, fieldsOf, isListed, type PlayedExchange, tryJson } from './played-exchange.js';

const kinds: Readonly<Record<string, RequestType>> = { ticker: 'ticker', trade: 'trade', depth: 'orderbook' };
const { symbols } = exchanges.get('binance');
const pairs = (list: readonly SimulatedLevel[]): string[][] => list.map(({ price, size }) => [price, size]);

function tickerFrame({ market }: Stream, index: number, timeMs: number): string {
  const t = tickerAt(market, index);
  return JSON.stringify({
    e: '24hrTicker',
    E: timeMs,
    s: market.base + market.quote,
    x: digitsOf(t.prevClose),
    c: digitsOf(t.close),
    o: digitsOf(t.open),
    h: digitsOf(t.high),
    l: digitsOf(t.low),
    v: digitsOf(t.volume),
    q: digitsOf(t.quoteVolume),
    O: timeMs - 86_400_000,
    C: timeMs,
    F: 1,
    L: index + 2,
    n: index + 2,
  });
}

function tradeFrame({ market }: Stream, index: number, timeMs: number): string {
  const t = tradeAt(market, index);
  return (
    `{"e":"trade","E":${timeMs},"s":"${market.base}${market.quote}","t":${t.id},"p":"${digitsOf(t.price)}",` +
    `"q":"${digitsOf(t.size)}","T":${timeMs},"m":${t.side === -1},"M":true}`
  );
}

function depthFrame({ market, step }: Stream, timeMs: number): string {
  const { asks, bids } = step.changes;
  const s = market.base + market.quote;
  return JSON.stringify({
    e: 'depthUpdate',
    E: timeMs,
    s,
    U: step.previous + 1,
    u: step.sequence,
    b: pairs([...bids, ...step.fallen.bids]),
    a: pairs([...asks, ...step.fallen.asks]),
  });
}

export const binance: PlayedExchange = {
  name: 'binance',
  framing: 'text',
  liveness: { beat: { everyMs: 20_000, send: 'protocol-ping' }, cut: { afterMs: 60_000, without: 'client' } },
  maxMessagesPerSecond: 5,
  maintenance: '{"e":"serverShutdown","E":1770123456789}',
  /** Every stream is acknowledged; one of an unknown symbol then stays silent. */
  receive(text, socket) {
    const { method, params, id } = fieldsOf(tryJson(text));
    if (!Array.isArray(params) || (method !== 'SUBSCRIBE' && method !== 'UNSUBSCRIBE')) {
      socket.send('{"code":2,"msg":"Invalid request: missing field `method` or `params`"}');
      return;
    }
    socket.send(JSON.stringify({ result: null, id }));
    for (const stream of elementsOf(params)) {
      const [symbol, name] = String(stream).split('@');
      const kind = kinds[name ?? ''];
      const code = symbols.toCode(symbol ?? '');
      if (kind === undefined || !isListed(code)) continue;
      if (method === 'SUBSCRIBE') socket.subscribe(kind, code);
      else socket.unsubscribe(kind, code);
    }
  },
  frames(stream, index, timeMs) {
    if (stream.kind === 'orderbook') return [depthFrame(stream, timeMs)];
    return [(stream.kind === 'ticker' ? tickerFrame : tradeFrame)(stream, index, timeMs)];
  },
  rest(url, { stream }) {
    if (!url.pathname.endsWith('/api/v3/depth')) return undefined;
    const code = symbols.toCode(url.searchParams.get('symbol') ?? '');
    if (!isListed(code)) return '{"code":-1121,"msg":"Invalid symbol."}';
    const { book } = stream('orderbook', code);
    const { asks, bids } = book.view();
    return JSON.stringify({ lastUpdateId: book.sequence, bids: pairs(bids), asks: pairs(asks) });
  },
};
