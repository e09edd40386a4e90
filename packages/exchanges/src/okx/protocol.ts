import type { RequestType } from '@naru/core';
import type { Outgoing } from '../adapter.js';
import { isObject, type JsonObject } from '../reading/json.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { Market } from '../session/markets.js';
import type { Reading } from '../session/reading.js';
import { partsOf } from '../session/requests.js';
import type { Protocol } from '../session/stream-session.js';

/** Reads one data frame of the session's kind: its channel, its `arg` and its list. */
export type OkxReader = (
  message: JsonObject,
  arg: JsonObject,
  list: readonly unknown[],
  text: string,
  reading: Reading,
) => void;

const channels: Readonly<Record<RequestType, string>> = { ticker: 'tickers', trade: 'trades', orderbook: 'books' };

const channelsRead: Readonly<Record<RequestType, readonly unknown[]>> = {
  ticker: ['tickers'],
  trade: ['trades', 'trades-all'],
  orderbook: ['books', 'books5', 'bbo-tbt', 'books-l2-tbt', 'books50-l2-tbt'],
};

/** About 30 KB; a request may have 64. */
const argumentsPerRequest = 500;

const upgradeNotice = '64008';

export const okxRequest = (op: string, kind: RequestType, part: readonly Market[]): Outgoing => ({
  payload: JSON.stringify({ op, args: part.map((market) => ({ channel: channels[kind], instId: market.wire })) }),
});

/**
 *     request  {"op":"subscribe","args":[{"channel":"trades","instId":"BTC-USDT"}]}
 *     answer   {"event":"subscribe","arg":{"channel":…,"instId":…},"connId":"…"}, one per argument
 *     refusal  {"event":"error","code":"60018","msg":"… instId:BTC-USDT doesn't exist …"}
 *     notice   {"event":"notice","code":"64008",…}: the connection closes within a minute
 *     pong     the bare word, not JSON
 *     data     {"arg":{…},"action":"snapshot"|"update","data":[…]}
 */
export function okxProtocol(context: ProtocolContext, reader: OkxReader): Protocol {
  const { kind, markets } = context;

  const readEvent = (message: JsonObject, reading: Reading): void => {
    if (message.event === 'subscribe') {
      reading.class = 'acknowledgement';
      const wire = isObject(message.arg) ? message.arg.instId : undefined;
      if (typeof wire === 'string') markets.confirm(markets.find(wire), reading);
    } else if (message.event === 'unsubscribe') {
      reading.class = 'acknowledgement';
    } else if (message.event === 'error') {
      reading.class = 'error';
      const reason = `${message.code}: ${message.msg}`;
      const named = /instId:\s*([A-Z0-9]+-[A-Z0-9]+)/.exec(reason)?.[1];
      const market = named === undefined ? undefined : markets.find(named);
      if (market === undefined || market.heard) reading.reject(reason);
      else markets.reject(market, reason, reading);
    } else {
      reading.class = 'control';
      if (message.code === upgradeNotice) reading.reconnect = 'the service is about to be upgraded';
    }
  };

  return {
    change: ({ added, removed }) => [
      ...partsOf(removed, argumentsPerRequest).map((part) => okxRequest('unsubscribe', kind, part)),
      ...partsOf(added, argumentsPerRequest).map((part) => okxRequest('subscribe', kind, part)),
    ],
    readPlain: (text, reading) => {
      if (text !== 'pong') return false;
      reading.class = 'heartbeat';
      return true;
    },
    read: (message, text, reading) => {
      if (!isObject(message)) return;
      if (typeof message.event === 'string') {
        readEvent(message, reading);
      } else if (isObject(message.arg) && Array.isArray(message.data)) {
        reading.class = 'data';
        if (channelsRead[kind].includes(message.arg.channel)) {
          reader(message, message.arg, message.data, text, reading);
        }
      }
    },
  };
}
