import { type RequestType, requestTypes, type StreamType } from '@naru/core';
import { digitsOf } from '../market/market.js';
import { tickerAt } from '../market/ticker.js';
import { tradeAt } from '../market/trade.js';
import type { Stream } from '../stream.js';
import { isListed, type PlayedExchange, type PlayedSocket, tryJson } from './played-exchange.js';

/** What differs between the two exchanges that speak this protocol. */
export interface UpbitFamilyOptions {
  readonly name: string;
  /** Levels per side. */
  readonly depth: number;
  /** Order-book times count this many units a millisecond. */
  readonly bookTimeScale: number;
}

/** Numbers stand in the text as the exchange prints them, so that ids keep all their digits. */
function tickerFrame({ market }: Stream, index: number, timeMs: number, streamType: StreamType): string {
  const t = tickerAt(market, index);
  return (
    `{"type":"ticker","code":"${market.code}","opening_price":${digitsOf(t.open)},"high_price":${digitsOf(t.high)},` +
    `"low_price":${digitsOf(t.low)},"trade_price":${digitsOf(t.close)},"prev_closing_price":${digitsOf(t.prevClose)},` +
    `"acc_trade_price":${digitsOf(t.quoteVolume)},"acc_trade_volume":${digitsOf(t.volume)},` +
    `"acc_trade_price_24h":${digitsOf(t.quoteVolume)},"acc_trade_volume_24h":${digitsOf(t.volume)},` +
    `"trade_timestamp":${timeMs},"market_state":"ACTIVE","is_trading_suspended":false,"delisting_date":null,` +
    `"market_warning":"NONE","timestamp":${timeMs},"stream_type":"${streamType}"}`
  );
}

function tradeFrame({ market }: Stream, index: number, timeMs: number, streamType: StreamType): string {
  const t = tradeAt(market, index);
  return (
    `{"type":"trade","code":"${market.code}","timestamp":${timeMs},"trade_timestamp":${timeMs},` +
    `"trade_price":${digitsOf(t.price)},"trade_volume":${digitsOf(t.size)},"ask_bid":"${t.side === 1 ? 'BID' : 'ASK'}",` +
    `"sequential_id":${t.id},"stream_type":"${streamType}"}`
  );
}

/** The whole book; the shorter side is padded with zeros. */
function bookFrame(stream: Stream, time: number, streamType: StreamType): string {
  const { asks, bids } = stream.book.view();
  const units: string[] = [];
  for (let rank = 0; rank < Math.max(asks.length, bids.length); rank += 1) {
    const ask = asks[rank];
    const bid = bids[rank];
    units.push(
      `{"ask_price":${ask?.price ?? 0},"bid_price":${bid?.price ?? 0},` +
        `"ask_size":${ask?.size ?? 0},"bid_size":${bid?.size ?? 0}}`,
    );
  }
  return (
    `{"type":"orderbook","code":"${stream.code}","timestamp":${time},"orderbook_units":[${units.join(',')}],` +
    `"stream_type":"${streamType}","level":0}`
  );
}

interface Wanted {
  readonly type: RequestType;
  readonly codes: readonly string[];
}

/** What a request asks for, or the name and message of what is wrong with it. */
function wantedOf(request: unknown): readonly Wanted[] | readonly [name: string, message: string] {
  if (!Array.isArray(request)) return ['WRONG_FORMAT', 'The request is not a list.'];
  if (!request.some((part) => typeof part?.ticket === 'string')) return ['NO_TICKET', 'The request has no ticket.'];
  const wanted = request.filter((part) => typeof part?.type === 'string');
  if (wanted.length === 0) return ['NO_TYPE', 'The request has no type.'];
  const unknown = wanted.find(({ type }) => !requestTypes.includes(type));
  if (unknown !== undefined) return ['INVALID_PARAM', `${unknown.type} is not a supported type.`];
  const empty = wanted.some(({ codes }) => !Array.isArray(codes) || codes.length === 0);
  return empty ? ['NO_CODES', 'The request has no codes.'] : wanted;
}

/** Replaces what the socket receives. Unknown and lower-case codes are passed over without a word. */
function receive(text: string, socket: PlayedSocket): void {
  if (text === 'PING') {
    socket.send('{"status":"UP"}');
    return;
  }
  const wanted = wantedOf(tryJson(text));
  if (typeof wanted[0] === 'string') {
    const [name, message] = wanted;
    socket.send(JSON.stringify({ error: { name, message } }));
    socket.close(1000, name);
    return;
  }
  for (const { type, codes } of wanted as readonly Wanted[]) socket.replace(type, codes.filter(isListed));
}

/** Upbit, or an exchange that speaks as it does. */
export function upbitFamily({ name, depth, bookTimeScale }: UpbitFamilyOptions): PlayedExchange {
  const frame = (stream: Stream, index: number, timeMs: number, streamType: StreamType): string => {
    if (stream.kind === 'orderbook') return bookFrame(stream, timeMs * bookTimeScale, streamType);
    return (stream.kind === 'ticker' ? tickerFrame : tradeFrame)(stream, index, timeMs, streamType);
  };
  return {
    name,
    framing: 'binary',
    liveness: { cut: { afterMs: 60_000, without: 'client' } },
    maxMessagesPerSecond: 5,
    depth: () => depth,
    receive,
    first: (stream, timeMs) => frame(stream, stream.next - 1, timeMs, 'SNAPSHOT'),
    frames: (stream, index, timeMs, streamType) => [frame(stream, index, timeMs, streamType)],
  };
}

export const upbit: PlayedExchange = upbitFamily({ name: 'upbit', depth: 30, bookTimeScale: 1 });

/** Order books count microseconds here. */
export const bithumb: PlayedExchange = upbitFamily({ name: 'bithumb', depth: 15, bookTimeScale: 1000 });
