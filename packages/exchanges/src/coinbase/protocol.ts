import type { RequestType } from '@naru/core';
import { isObject, type JsonObject } from '../reading/json.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { Market } from '../session/markets.js';
import type { Reading } from '../session/reading.js';
import type { Protocol } from '../session/stream-session.js';

/** Reads one data frame of the session's kind. */
export type CoinbaseReader = (type: string, message: JsonObject, text: string, reading: Reading) => void;

const channels: Readonly<Record<RequestType, string>> = {
  ticker: 'ticker',
  trade: 'matches',
  orderbook: 'level2_batch',
};

/** Names under which the exchange echoes each channel. */
const echoes: Readonly<Record<RequestType, readonly unknown[]>> = {
  ticker: ['ticker'],
  trade: ['matches'],
  orderbook: ['level2_batch', 'level2_50', 'level2'],
};

const dataTypes: Readonly<Record<string, RequestType>> = {
  ticker: 'ticker',
  match: 'trade',
  last_match: 'trade',
  snapshot: 'orderbook',
  l2update: 'orderbook',
};

/**
 *     request  {"type":"subscribe","product_ids":["BTC-USD"],"channels":["matches","heartbeat"]}
 *     answer   {"type":"subscriptions","channels":[{"name":"matches","product_ids":[…]}]}: all that the socket has
 *     refusal  {"type":"error","message":"Failed to subscribe","reason":"…"}: nothing of that request is subscribed
 *     beat     {"type":"heartbeat","last_trade_id":…,"product_id":"BTC-USD",…}, each second and product
 *     data     {"type":"ticker"|"match"|"last_match"|"snapshot"|"l2update",…}
 */
export function coinbaseProtocol(
  context: ProtocolContext,
  reader: CoinbaseReader,
  onHeartbeat: (message: JsonObject, reading: Reading) => void = () => {},
): Protocol {
  const { kind, markets } = context;

  const frame = (type: string, part: readonly Market[]): string =>
    coinbaseRequest(type, part, [channels[kind], 'heartbeat']);

  const acknowledge = (message: JsonObject, reading: Reading): void => {
    for (const channel of Array.isArray(message.channels) ? message.channels : []) {
      if (!isObject(channel) || !echoes[kind].includes(channel.name) || !Array.isArray(channel.product_ids)) continue;
      for (const product of channel.product_ids) {
        if (typeof product === 'string') markets.confirm(markets.find(product), reading);
      }
    }
  };

  const refuse = (message: JsonObject, reading: Reading): void => {
    const reason = `${message.message}: ${message.reason}`;
    const pending = new Set(markets.unconfirmed);
    let refused: Market | undefined;
    for (const [word] of String(message.reason).matchAll(/[A-Z0-9]{1,20}-[A-Z0-9]{1,20}/g)) {
      const market = markets.find(word);
      if (market !== undefined && pending.has(market.code)) refused = market;
    }
    if (refused === undefined) {
      reading.reject(reason);
      return;
    }
    markets.reject(refused, reason, reading);
    const others = markets.unconfirmedMarkets;
    if (others.length > 0) reading.reply(frame('subscribe', others));
  };

  return {
    change: ({ added, removed }) => [
      ...(removed.length > 0 ? [{ payload: frame('unsubscribe', removed) }] : []),
      ...(added.length > 0 ? [{ payload: frame('subscribe', added) }] : []),
    ],
    read: (message, text, reading) => {
      if (!isObject(message) || typeof message.type !== 'string') return;
      const { type } = message;
      if (Object.hasOwn(dataTypes, type)) {
        reading.class = 'data';
        if (dataTypes[type] === kind) reader(type, message, text, reading);
      } else if (type === 'subscriptions') {
        reading.class = 'acknowledgement';
        acknowledge(message, reading);
      } else if (type === 'heartbeat') {
        reading.class = 'heartbeat';
        onHeartbeat(message, reading);
      } else if (type === 'error') {
        reading.class = 'error';
        refuse(message, reading);
      } else if (type === 'status') {
        reading.class = 'control';
      }
    },
  };
}

/** One request for products × channels. */
export const coinbaseRequest = (type: string, part: readonly Market[], names: readonly string[]): string =>
  JSON.stringify({ type, product_ids: part.map((market) => market.wire), channels: names });
