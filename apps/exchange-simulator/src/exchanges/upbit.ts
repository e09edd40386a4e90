import { type RequestType, requestTypes, type StreamType } from '@naru/core';
import { digitsOf, type SimulatedMarket } from '../market/market.js';
import { tickerAt } from '../market/ticker.js';
import { tradeAt } from '../market/trade.js';
import { isListed, type PlayedExchange, type PlayedSocket, tryJson } from './played-exchange.js';

/** Numbers stand in the text as Upbit prints them, so that ids keep all their digits. */
function tickerFrame(market: SimulatedMarket, index: number, timeMs: number, streamType: StreamType): string {
  const t = tickerAt(market, index);
  const close = digitsOf(t.close);
  return (
    `{"type":"ticker","code":"${market.code}","opening_price":${digitsOf(t.open)},"high_price":${digitsOf(t.high)},` +
    `"low_price":${digitsOf(t.low)},"trade_price":${close},"prev_closing_price":${digitsOf(t.prevClose)},` +
    `"acc_trade_price":${digitsOf(t.quoteVolume)},"acc_trade_volume":${digitsOf(t.volume)},` +
    `"acc_trade_price_24h":${digitsOf(t.quoteVolume)},"acc_trade_volume_24h":${digitsOf(t.volume)},` +
    `"trade_timestamp":${timeMs},"market_state":"ACTIVE","is_trading_suspended":false,"delisting_date":null,` +
    `"market_warning":"NONE","timestamp":${timeMs},"stream_type":"${streamType}"}`
  );
}

function tradeFrame(market: SimulatedMarket, index: number, timeMs: number, streamType: StreamType): string {
  const t = tradeAt(market, index);
  return (
    `{"type":"trade","code":"${market.code}","timestamp":${timeMs},"trade_timestamp":${timeMs},` +
    `"trade_price":${digitsOf(t.price)},"trade_volume":${digitsOf(t.size)},"ask_bid":"${t.side === 1 ? 'BID' : 'ASK'}",` +
    `"sequential_id":${t.id},"stream_type":"${streamType}"}`
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

export const upbit: PlayedExchange = {
  name: 'upbit',
  framing: 'binary',
  receive,
  first: (kind, market, index, timeMs) => upbit.frame(kind, market, index - 1, timeMs, 'SNAPSHOT'),
  frame: (kind, market, index, timeMs, streamType) =>
    (kind === 'ticker' ? tickerFrame : tradeFrame)(market, index, timeMs, streamType),
};
