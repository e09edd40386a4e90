import type { RequestType } from '@naru/core';
import type { Outgoing } from '../adapter.js';
import { isObject, type JsonObject } from '../reading/json.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { Market } from '../session/markets.js';
import type { Reading } from '../session/reading.js';
import type { Protocol } from '../session/stream-session.js';
import { splitMarketCode } from '../symbols/market-code.js';

/** Reads the `data` of one data frame. */
export type CoinoneReader = (data: JsonObject, market: Market, reading: Reading) => void;

const channels: Readonly<Record<RequestType, string>> = { ticker: 'TICKER', trade: 'TRADE', orderbook: 'ORDERBOOK' };

const invalidTopic = 160012;

/**
 * One topic per request, many per socket.
 *
 *     request  {"request_type":"SUBSCRIBE","channel":"TICKER","topic":{"quote_currency":"KRW","target_currency":"BTC"}}
 *     answers  {"response_type":"CONNECTED"|"SUBSCRIBED"|"UNSUBSCRIBED"|"PONG"|"ERROR"|"DATA",…}
 *     SHORT    {"r":"DATA","c":"TICKER","d":{…}}
 *
 * An unknown topic is acknowledged like any other and followed by error 160012, which does not name it: the latest
 * acknowledged market that has sent nothing is then the refused one.
 */
export function coinoneProtocol(context: ProtocolContext, reader: CoinoneReader): Protocol {
  const { kind, markets } = context;
  let lastAcknowledged: Market | undefined;

  const request = (type: string, market: Market): Outgoing => {
    const [quote_currency, target_currency] = splitMarketCode(market.code);
    const topic = { quote_currency, target_currency };
    return { payload: JSON.stringify({ request_type: type, channel: channels[kind], topic }) };
  };

  const readData = (message: JsonObject, reading: Reading): void => {
    const data = message.data ?? message.d;
    if ((message.channel ?? message.c) !== channels[kind]) return;
    if (!isObject(data)) {
      reading.fail('shape', 'The data frame holds no data.');
      return;
    }
    const market = markets.ofData(topicOf(data), reading);
    if (market !== undefined) reader(data, market, reading);
  };

  return {
    change: ({ added, removed }) => [
      ...removed.map((market) => request('UNSUBSCRIBE', market)),
      ...added.map((market) => request('SUBSCRIBE', market)),
    ],
    read: (message, _text, reading) => {
      if (!isObject(message)) return;
      switch (message.response_type ?? message.r) {
        case 'DATA':
          reading.class = 'data';
          readData(message, reading);
          return;
        case 'SUBSCRIBED': {
          reading.class = 'acknowledgement';
          const market = isObject(message.data) ? markets.find(topicOf(message.data) ?? '') : undefined;
          lastAcknowledged = market;
          markets.confirm(market, reading);
          return;
        }
        case 'UNSUBSCRIBED':
          reading.class = 'acknowledgement';
          return;
        case 'PONG':
          reading.class = 'heartbeat';
          return;
        case 'CONNECTED':
          reading.class = 'control';
          return;
        case 'ERROR': {
          reading.class = 'error';
          const reason = `${message.error_code}: ${message.message}`;
          if (message.error_code === invalidTopic && lastAcknowledged?.heard === false) {
            markets.reject(lastAcknowledged, reason, reading);
          } else {
            reading.reject(reason);
          }
        }
      }
    },
  };
}

function topicOf(data: JsonObject): string | undefined {
  const quote = data.quote_currency ?? data.qc;
  const target = data.target_currency ?? data.tc;
  return typeof quote === 'string' && typeof target === 'string' ? `${quote}-${target}` : undefined;
}
