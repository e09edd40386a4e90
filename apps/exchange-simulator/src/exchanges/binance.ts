import type { RequestType } from '@naru/core';
import { exchanges } from '@naru/exchanges';
import { digitsOf, type SimulatedMarket } from '../market/market.js';
import { tickerAt } from '../market/ticker.js';
import { tradeAt } from '../market/trade.js';
import { isListed, type PlayedExchange, type PlayedSocket, tryJson } from './played-exchange.js';

const kinds: Readonly<Record<string, RequestType>> = { ticker: 'ticker', trade: 'trade' };

function tickerFrame(market: SimulatedMarket, index: number, timeMs: number): string {
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

function tradeFrame(market: SimulatedMarket, index: number, timeMs: number): string {
  const t = tradeAt(market, index);
  return (
    `{"e":"trade","E":${timeMs},"s":"${market.base}${market.quote}","t":${t.id},"p":"${digitsOf(t.price)}",` +
    `"q":"${digitsOf(t.size)}","T":${timeMs},"m":${t.side === -1},"M":true}`
  );
}

/** Every stream is acknowledged; one of an unknown symbol then stays silent. */
function receive(text: string, socket: PlayedSocket): void {
  const request = tryJson(text) as { method?: unknown; params?: unknown; id?: unknown } | undefined;
  if (!Array.isArray(request?.params) || (request.method !== 'SUBSCRIBE' && request.method !== 'UNSUBSCRIBE')) {
    socket.send('{"code":2,"msg":"Invalid request: missing field `method` or `params`"}');
    return;
  }
  socket.send(JSON.stringify({ result: null, id: request.id }));
  for (const stream of request.params) {
    const [symbol, name] = String(stream).split('@');
    const kind = kinds[name ?? ''];
    const code = exchanges.get('binance').symbols.toCode(symbol ?? '');
    if (kind === undefined || code === undefined || !isListed(code)) continue;
    if (request.method === 'SUBSCRIBE') socket.subscribe(kind, code);
    else socket.unsubscribe(kind, code);
  }
}

export const binance: PlayedExchange = {
  name: 'binance',
  framing: 'text',
  receive,
  frame: (kind, market, index, timeMs) => (kind === 'ticker' ? tickerFrame : tradeFrame)(market, index, timeMs),
};
