import { crc32 } from 'node:zlib';
import type { RequestType } from '@naru/core';
import { exchanges } from '@naru/exchanges';
import type { BookView } from '../market/book.js';
import type { SimulatedLevel } from '../market/book-side.js';
import { digitsOf, numberOf } from '../market/market.js';
import { tickerAt } from '../market/ticker.js';
import { tradeAt } from '../market/trade.js';
import type { Stream } from '../stream.js';
import { fieldsOf, isListed, type PlayedExchange, type PlayedSocket, tryJson } from './played-exchange.js';

const { symbols } = exchanges.get('bitfinex');
const kinds: Readonly<Record<string, RequestType>> = { ticker: 'ticker', trades: 'trade', book: 'orderbook' };
const [timestampFlag, sequenceFlag, checksumFlag] = [32_768, 65_536, 131_072];
const maxChannels = 30;
/** Stands for the channel number until a frame is addressed to a socket. */
const channelMark = '#';

/** Checksums follow every this many updates. */
const checksumEvery = 5;

const row = ({ price, size }: SimulatedLevel, sign: 1 | -1): string =>
  size === '0' ? `[${Number(price)},0,${sign}]` : `[${Number(price)},1,${Number(size) * sign}]`;
const text = ({ price, size }: SimulatedLevel, sign: 1 | -1): string => `${Number(price)}:${Number(size) * sign}`;

/** Signed CRC32 of the 25 best levels, bid and ask in turn. */
function checksumOf({ asks, bids }: BookView): number {
  const parts: string[] = [];
  for (let rank = 0; rank < 25; rank += 1) {
    if (bids[rank] !== undefined) parts.push(text(bids[rank]!, 1));
    if (asks[rank] !== undefined) parts.push(text(asks[rank]!, -1));
  }
  return crc32(parts.join(':')) | 0;
}

function tradeRow(stream: Stream, index: number, timeMs: number): string {
  const { id, price, size, side } = tradeAt(stream.market, index);
  return `[${id},${timeMs},${numberOf(size) * side},${digitsOf(price)}]`;
}

function tickerRow({ market }: Stream, index: number): string {
  const t = tickerAt(market, index);
  const change = digitsOf({ units: t.close.units - t.open.units, decimals: t.close.decimals });
  const close = digitsOf(t.close);
  return `[${close},1,${close},1,${change},0,${close},${digitsOf(t.volume)},${digitsOf(t.high)},${digitsOf(t.low)},null]`;
}

interface Channels {
  readonly ids: Map<Stream, number>;
  flags: number;
  sequence: number;
}

function channelsOf(socket: PlayedSocket): Channels {
  let channels = socket.memory.get('channels') as Channels | undefined;
  if (channels === undefined) {
    channels = { ids: new Map(), flags: 0, sequence: 0 };
    socket.memory.set('channels', channels);
  }
  return channels;
}

let lastChannel = 200_000;

function subscribe(message: Readonly<Record<string, unknown>>, socket: PlayedSocket): void {
  const { channel, symbol, len } = message;
  const { ids } = channelsOf(socket);
  const kind = kinds[String(channel)];
  const code = symbols.toCode(String(symbol));
  const refuse = (errorCode: number, msg: string): void =>
    socket.send(JSON.stringify({ event: 'error', msg, code: errorCode, channel, symbol }));
  if (kind === undefined || !isListed(code)) {
    refuse(10_300, 'symbol: invalid');
    return;
  }
  if (ids.size >= maxChannels) {
    refuse(10_305, 'channel limit');
    return;
  }
  if ([...ids.keys()].some((stream) => stream.kind === kind && stream.code === code)) {
    refuse(10_301, 'subscribe: dup');
    return;
  }
  const variant = kind === 'orderbook' ? String(len ?? 25) : '';
  lastChannel += 1;
  const chanId = lastChannel;
  const pair = String(symbol).slice(1);
  socket.send(
    JSON.stringify({ event: 'subscribed', channel, chanId, symbol, pair, ...(variant === '' ? {} : { len: variant }) }),
  );
  // The first frame needs the channel's number, so it is known before the stream is joined.
  socket.memory.set('next channel', chanId);
  ids.set(socket.subscribe(kind, code, variant), chanId);
}

function unsubscribe(chanId: unknown, socket: PlayedSocket): void {
  const { ids } = channelsOf(socket);
  const stream = [...ids].find(([, id]) => id === chanId)?.[0];
  if (stream === undefined) {
    socket.send('{"event":"error","msg":"unsubscribe: invalid","code":10400}');
    return;
  }
  ids.delete(stream);
  socket.unsubscribe(stream.kind, stream.code, stream.variant);
  socket.send(JSON.stringify({ event: 'unsubscribed', status: 'OK', chanId }));
}

/** Appends counter and time as the socket's flags ask. */
function finish(frame: string, socket: PlayedSocket): string {
  const channels = channelsOf(socket);
  let tail = '';
  if (channels.flags & sequenceFlag) {
    channels.sequence += 1;
    tail += `,${channels.sequence}`;
  }
  if (channels.flags & timestampFlag) tail += `,${Date.now()}`;
  return `${frame.slice(0, -1)}${tail}]`;
}

export const bitfinex: PlayedExchange = {
  name: 'bitfinex',
  framing: 'text',
  liveness: {
    mustSubscribeWithinMs: 60_000,
    beat: {
      everyMs: 15_000,
      send(socket) {
        for (const chanId of channelsOf(socket).ids.values()) socket.send(finish(`[${chanId},"hb"]`, socket));
      },
    },
  },
  depth: (variant) => Number(variant) || 25,
  opened: (socket) => socket.send('{"event":"info","version":2,"serverId":"simulated","platform":{"status":1}}'),
  maintenance: '{"event":"info","code":20051,"msg":"Stopping. Please try to reconnect"}',
  receive(raw, socket) {
    const message = fieldsOf(tryJson(raw));
    if (message.event === 'ping') {
      socket.send(JSON.stringify({ event: 'pong', ts: Date.now(), cid: message.cid }));
    } else if (message.event === 'conf') {
      channelsOf(socket).flags = Number(message.flags);
      socket.send(JSON.stringify({ event: 'conf', status: 'OK', flags: message.flags }));
    } else if (message.event === 'subscribe') {
      subscribe(message, socket);
    } else if (message.event === 'unsubscribe') {
      unsubscribe(message.chanId, socket);
    } else {
      socket.send('{"event":"error","msg":"unknown event","code":10000}');
    }
  },
  first(stream, timeMs) {
    if (stream.kind === 'ticker') return `[${channelMark},${tickerRow(stream, stream.next - 1)}]`;
    if (stream.kind === 'trade') return `[${channelMark},[${tradeRow(stream, stream.next - 1, timeMs)}]]`;
    const { asks, bids } = stream.book.view();
    return `[${channelMark},[${[...bids.map((level) => row(level, 1)), ...asks.map((level) => row(level, -1))]}]]`;
  },
  frames(stream, index, timeMs) {
    if (stream.kind === 'ticker') return [`[${channelMark},${tickerRow(stream, index)}]`];
    if (stream.kind === 'trade') {
      const trade = tradeRow(stream, index, timeMs);
      return [`[${channelMark},"te",${trade}]`, `[${channelMark},"tu",${trade}]`];
    }
    const { changes, fallen } = stream.step;
    const rows = [
      ...[...changes.bids, ...fallen.bids].map((level) => row(level, 1)),
      ...[...changes.asks, ...fallen.asks].map((level) => row(level, -1)),
    ].map((level) => `[${channelMark},${level}]`);
    const checked = index % checksumEvery === checksumEvery - 1;
    return checked ? [...rows, `[${channelMark},"cs",${checksumOf(stream.book.view())}]`] : rows;
  },
  address(frame, stream, socket) {
    if (!frame.startsWith(`[${channelMark}`)) return frame;
    const { ids, flags } = channelsOf(socket);
    const chanId = ids.get(stream) ?? socket.memory.get('next channel');
    const addressed = `[${chanId}${frame.slice(1 + channelMark.length)}`;
    return frame.startsWith('"cs"', 3) && !(flags & checksumFlag) ? `[${chanId},"hb"]` : finish(addressed, socket);
  },
};
