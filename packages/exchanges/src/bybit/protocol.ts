import type { RequestType } from '@naru/core';
import type { Outgoing } from '../adapter.js';
import { isObject, type JsonObject } from '../reading/json.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { Market } from '../session/markets.js';
import type { Reading } from '../session/reading.js';
import { partsOf, Requests } from '../session/requests.js';
import type { Protocol } from '../session/stream-session.js';

/** Reads one data frame of the session's kind. */
export type BybitReader = (message: JsonObject, text: string, reading: Reading) => void;

/** The spot limit of one request. */
const argumentsPerRequest = 10;

const topicPrefixes: Readonly<Record<RequestType, string>> = {
  ticker: 'tickers.',
  trade: 'publicTrade.',
  orderbook: 'orderbook.',
};

/**
 *     request  {"req_id":"1","op":"subscribe","args":["publicTrade.BTCUSDT"]}
 *     answer   {"success":true,"ret_msg":"subscribe","conn_id":"…","req_id":"1","op":"subscribe"}
 *     pong     {"success":true,"ret_msg":"pong","op":"ping"}, or {"op":"pong"}
 *     data     {"topic":"publicTrade.BTCUSDT","ts":ms,"type":"snapshot"|"delta","data":…}
 *
 * A wrong argument fails its whole request, so the arguments of a failed one are asked for singly. The echoed id may
 * be missing; answers come in order.
 */
export function bybitProtocol(
  context: ProtocolContext,
  topicOf: (market: Market) => string,
  reader: BybitReader,
): Protocol {
  const { kind, markets } = context;
  const requests = new Requests();

  const frame = (op: string, part: readonly Market[], id: number): Outgoing => ({
    payload: JSON.stringify({ req_id: String(id), op, args: part.map(topicOf) }),
  });

  const asked = (message: JsonObject): readonly Market[] =>
    (typeof message.req_id === 'string' && message.req_id !== ''
      ? requests.close(message.req_id)
      : requests.closeOldest()) ?? [];

  const refuse = (message: JsonObject, reading: Reading): void => {
    const reason = String(message.ret_msg);
    const part = asked(message);
    if (part.length === 1) {
      markets.reject(part[0]!, reason, reading);
      return;
    }
    if (part.length === 0) reading.reject(reason);
    for (const market of part) reading.reply(frame('subscribe', [market], requests.open([market])).payload);
  };

  return {
    change: ({ added, removed }) => [
      ...partsOf(removed, argumentsPerRequest).map((part) => frame('unsubscribe', part, requests.open([]))),
      ...partsOf(added, argumentsPerRequest).map((part) => frame('subscribe', part, requests.open(part))),
    ],
    read: (message, text, reading) => {
      if (!isObject(message)) return;
      if (typeof message.topic === 'string') {
        reading.class = 'data';
        if (message.topic.startsWith(topicPrefixes[kind])) reader(message, text, reading);
      } else if (message.op === 'pong' || message.ret_msg === 'pong') {
        reading.class = 'heartbeat';
      } else if (message.success === false) {
        reading.class = 'error';
        refuse(message, reading);
      } else if (message.success === true) {
        reading.class = 'acknowledgement';
        for (const market of asked(message)) markets.confirm(market, reading);
      }
    },
  };
}
