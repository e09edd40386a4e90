import type { RequestType } from '@naru/core';
import type { Outgoing } from '../adapter.js';
import { isObject, type JsonObject } from '../reading/json.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { Market } from '../session/markets.js';
import type { Reading } from '../session/reading.js';
import { partsOf, Requests } from '../session/requests.js';
import type { Protocol } from '../session/stream-session.js';

/** Reads one element of the `data` of a frame of the session's kind. */
export type KrakenReader = (
  data: JsonObject,
  market: Market,
  streamType: 'SNAPSHOT' | 'REALTIME',
  text: string,
  reading: Reading,
) => void;

export interface KrakenOptions {
  /** Parameters of a subscription besides its symbols. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly reader: KrakenReader;
  /** Called with the `result` of each acknowledgement. */
  acknowledged?(result: JsonObject): void;
}

/** Channel of each kind. */
export const krakenChannels: Readonly<Record<RequestType, string>> = {
  ticker: 'ticker',
  trade: 'trade',
  orderbook: 'book',
};

const symbolsPerRequest = 100;

export const krakenRequest = (
  method: string,
  part: readonly Market[],
  parameters: Readonly<Record<string, unknown>>,
  id?: number,
): Outgoing => ({
  payload: JSON.stringify({
    method,
    params: { ...parameters, symbol: part.map((market) => market.wire) },
    ...(id === undefined ? {} : { req_id: id }),
  }),
});

/**
 *     request    {"method":"subscribe","params":{"channel":"trade","symbol":["BTC/USD"],"snapshot":true},"req_id":1}
 *     answer     {"method":"subscribe","result":{"channel":…,"symbol":…},"success":true,…}, one per symbol
 *     refusal    {"error":"…","method":"subscribe","success":false,…}; the socket then looks healthy
 *     pong       {"method":"pong",…}
 *     heartbeat  {"channel":"heartbeat"}, each second
 *     greeting   {"channel":"status","type":"update","data":[{"system":"online",…}]}
 *     data       {"channel":"trade","type":"snapshot"|"update","data":[…]}
 */
export function krakenProtocol(context: ProtocolContext, options: KrakenOptions): Protocol {
  const { kind, markets } = context;
  const channel = krakenChannels[kind];
  const requests = new Requests();
  const parameters = { channel, ...options.parameters };

  const subscribe = (part: readonly Market[]): Outgoing => {
    const id = requests.open(part);
    return krakenRequest('subscribe', part, parameters, id);
  };

  const refuse = (message: JsonObject, reading: Reading): void => {
    reading.class = 'error';
    const reason = String(message.error);
    const named = typeof message.symbol === 'string' ? markets.find(message.symbol) : undefined;
    const asked = named === undefined ? requests.close(message.req_id) : [named];
    const open = (asked ?? []).filter((market) => !market.confirmed);
    if (open.length === 1) markets.reject(open[0]!, reason, reading);
    else reading.reject(reason);
    // Nobody is named: asked one by one, the exchange will say which.
    if (open.length > 1) for (const market of open) reading.reply(subscribe([market]).payload);
  };

  const answer = (message: JsonObject, reading: Reading): void => {
    if (message.method === 'pong') {
      reading.class = 'heartbeat';
    } else if (message.success === false) {
      refuse(message, reading);
    } else {
      reading.class = 'acknowledgement';
      if (message.method !== 'subscribe' || !isObject(message.result)) return;
      const { symbol } = message.result;
      if (typeof symbol === 'string') markets.confirm(markets.find(symbol), reading);
      options.acknowledged?.(message.result);
    }
  };

  const readData = (message: JsonObject, text: string, reading: Reading): void => {
    if (!Array.isArray(message.data)) {
      reading.fail('shape', 'The data frame holds no list.');
      return;
    }
    const streamType = message.type === 'snapshot' ? 'SNAPSHOT' : 'REALTIME';
    for (const data of message.data) {
      if (!isObject(data)) {
        reading.fail('shape', 'An element of the data is no object.');
        continue;
      }
      const market = markets.ofData(data.symbol, reading);
      if (market !== undefined) options.reader(data, market, streamType, text, reading);
    }
  };

  return {
    change: ({ added, removed }) => [
      ...partsOf(removed, symbolsPerRequest).map((part) =>
        krakenRequest('unsubscribe', part, { ...parameters, snapshot: undefined }, requests.open([])),
      ),
      ...partsOf(added, symbolsPerRequest).map(subscribe),
    ],
    read: (message, text, reading) => {
      if (!isObject(message)) return;
      if (message.channel === 'heartbeat') {
        reading.class = 'heartbeat';
      } else if (message.channel === 'ticker' || message.channel === 'trade' || message.channel === 'book') {
        reading.class = 'data';
        if (message.channel === channel) readData(message, text, reading);
      } else if (typeof message.channel === 'string') {
        reading.class = 'control';
      } else if (typeof message.method === 'string') {
        answer(message, reading);
      } else if (typeof message.error === 'string') {
        refuse(message, reading);
      }
    },
  };
}
