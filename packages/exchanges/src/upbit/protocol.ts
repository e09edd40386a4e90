import { isObject, type JsonObject } from '../reading/json.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { Market } from '../session/markets.js';
import type { Reading } from '../session/reading.js';
import type { Protocol } from '../session/stream-session.js';
import { replaceList } from './messages.js';

/** Reads one data object of the session's kind. */
export type UpbitReader = (data: JsonObject, market: Market, text: string, reading: Reading) => void;

/**
 * The frames of Upbit, which Bithumb shares.
 *
 *     data      {"type":"ticker","code":"KRW-BTC",…}   SIMPLE: {"ty":…,"cd":…}   LIST: [{…},{…}]
 *     heartbeat {"status":"UP"}
 *     error     {"error":{"name":"NO_TICKET","message":"…"}}, then the server closes
 *     listing   {"method":"LIST_SUBSCRIPTIONS","result":[…]}
 */
export function upbitProtocol(context: ProtocolContext, reader: UpbitReader): Protocol {
  const { kind, markets } = context;

  const readOne = (message: unknown, text: string, reading: Reading): void => {
    if (!isObject(message)) return;
    const type = message.type ?? message.ty;
    if (typeof type === 'string') {
      reading.class = 'data';
      if (type !== kind) return;
      const market = markets.ofData(message.code ?? message.cd, reading);
      if (market !== undefined) reader(message, market, text, reading);
    } else if (isObject(message.error)) {
      reading.class = 'error';
      reading.reject(`${message.error.name}: ${message.error.message}`);
    } else if (typeof message.status === 'string') {
      reading.class = 'heartbeat';
    } else if (typeof message.method === 'string') {
      reading.class = 'control';
    }
  };

  return {
    change: (change) => replaceList(kind, change),
    read: (message, text, reading) => {
      if (Array.isArray(message)) for (const element of message) readOne(element, text, reading);
      else readOne(message, text, reading);
    },
  };
}

/** SNAPSHOT or REALTIME; frames that do not say are live. */
export const streamTypeOf = (data: JsonObject): 'SNAPSHOT' | 'REALTIME' =>
  (data.stream_type ?? data.st) === 'SNAPSHOT' ? 'SNAPSHOT' : 'REALTIME';
