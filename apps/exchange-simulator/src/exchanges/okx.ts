import type { RequestType } from '@naru/core';
import type { SimulatedLevel } from '../market/book-side.js';
import { digitsOf } from '../market/market.js';
import { tickerAt } from '../market/ticker.js';
import { tradeAt } from '../market/trade.js';
import type { Stream } from '../stream.js';
import { elementsOf, fieldsOf, isListed, type PlayedExchange, type PlayedSocket, tryJson } from './played-exchange.js';

const kinds: Readonly<Record<string, RequestType>> = { tickers: 'ticker', trades: 'trade', books: 'orderbook' };
const channels: Readonly<Record<RequestType, string>> = { ticker: 'tickers', trade: 'trades', orderbook: 'books' };
const instrumentOf = ({ market }: Stream): string => `${market.base}-${market.quote}`;
const rows = (list: readonly SimulatedLevel[]): string[][] =>
  list.map(({ price, size }) => [price, size, '0', size === '0' ? '0' : '1']);

function dataOf(stream: Stream, index: number, timeMs: number): object {
  const { kind, market } = stream;
  const instId = instrumentOf(stream);
  const ts = `${timeMs}`;
  if (kind === 'trade') {
    const { id, price, size, side } = tradeAt(market, index);
    const px = digitsOf(price);
    return {
      instId,
      tradeId: id,
      px,
      sz: digitsOf(size),
      side: side === 1 ? 'buy' : 'sell',
      ts,
      count: '1',
      seqId: index,
    };
  }
  const t = tickerAt(market, index);
  const { close } = t;
  return {
    instType: 'SPOT',
    instId,
    last: digitsOf(close),
    lastSz: digitsOf(market.size(1, index)),
    askPx: digitsOf({ ...close, units: close.units + 1 }),
    askSz: digitsOf(market.size(2, index)),
    bidPx: digitsOf(close),
    bidSz: digitsOf(market.size(3, index)),
    open24h: digitsOf(t.open),
    high24h: digitsOf(t.high),
    low24h: digitsOf(t.low),
    volCcy24h: digitsOf(t.quoteVolume),
    vol24h: digitsOf(t.volume),
    ts,
  };
}

const envelope = (stream: Stream, rest: object): string =>
  JSON.stringify({ arg: { channel: channels[stream.kind], instId: instrumentOf(stream) }, ...rest });

function snapshotFrame(stream: Stream, timeMs: number): string {
  const { asks, bids } = stream.book.view();
  const data = {
    asks: rows(asks),
    bids: rows(bids),
    ts: `${timeMs}`,
    checksum: 0,
    prevSeqId: -1,
    seqId: stream.book.sequence,
  };
  return envelope(stream, { action: 'snapshot', data: [data] });
}

function updateFrame(stream: Stream, timeMs: number): string {
  const { changes, fallen, previous, sequence } = stream.step;
  const data = {
    asks: rows([...changes.asks, ...fallen.asks]),
    bids: rows([...changes.bids, ...fallen.bids]),
    ts: `${timeMs}`,
    seqId: sequence,
    prevSeqId: previous,
  };
  return envelope(stream, { action: 'update', data: [data] });
}

function answer(op: unknown, argument: unknown, socket: PlayedSocket): void {
  const arg = fieldsOf(argument);
  const kind = kinds[String(arg.channel)];
  const code = String(arg.instId).split('-').reverse().join('-');
  const connId = 'simulated';
  if (kind === undefined || !isListed(code) || (op !== 'subscribe' && op !== 'unsubscribe')) {
    const msg = `Wrong URL or channel:${arg.channel},instId:${arg.instId} doesn't exist.`;
    socket.send(JSON.stringify({ event: 'error', msg, code: '60018', connId }));
    return;
  }
  socket.send(JSON.stringify({ event: op, arg, connId }));
  if (op === 'subscribe') socket.subscribe(kind, code);
  else socket.unsubscribe(kind, code);
}

export const okx: PlayedExchange = {
  name: 'okx',
  framing: 'text',
  liveness: { cut: { afterMs: 30_000, without: 'traffic' } },
  maintenance:
    '{"event":"notice","code":"64008","msg":"The connection will soon be closed for a service upgrade. Please reconnect.","connId":"simulated"}',
  receive(text, socket) {
    if (text === 'ping') {
      socket.send('pong');
      return;
    }
    const { op, args } = fieldsOf(tryJson(text));
    if (!Array.isArray(args)) socket.send('{"event":"error","code":"60012","msg":"Illegal request"}');
    for (const arg of elementsOf(args)) answer(op, arg, socket);
  },
  first: (stream, timeMs) => (stream.kind === 'orderbook' ? snapshotFrame(stream, timeMs) : undefined),
  frames: (stream, index, timeMs) => [
    stream.kind === 'orderbook'
      ? updateFrame(stream, timeMs)
      : envelope(stream, { data: [dataOf(stream, index, timeMs)] }),
  ],
  rest(url, { stream }, timeMs) {
    if (!url.pathname.endsWith('/api/v5/market/books')) return undefined;
    const code = (url.searchParams.get('instId') ?? '').split('-').reverse().join('-');
    if (!isListed(code)) return '{"code":"51001","msg":"Instrument ID does not exist","data":[]}';
    const { book } = stream('orderbook', code);
    const { asks, bids } = book.view();
    const data = [{ asks: rows(asks), bids: rows(bids), ts: `${timeMs}`, seqId: book.sequence }];
    return JSON.stringify({ code: '0', msg: '', data });
  },
};
