import { isObject, type JsonObject } from '../reading/json.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { Reading } from '../session/reading.js';
import { Requests } from '../session/requests.js';
import type { Protocol } from '../session/stream-session.js';
import { changeStreams } from './messages.js';

/** Reads one event; `stream` is the name in the combined wrapper, when there is one. */
export type BinanceReader = (event: JsonObject, stream: string | undefined, text: string, reading: Reading) => void;

/**
 * Frames on `/ws` are raw events, on `/stream` they are wrapped; both are read.
 *
 *     raw       {"e":"trade","E":…,"s":"BTCUSDT",…}
 *     combined  {"stream":"btcusdt@trade","data":{"e":"trade",…}}
 *     answer    {"result":null,"id":1}
 *     error     {"code":2,"msg":"…"} or {"error":{"code":2,"msg":"…"},"id":1}
 *     control   {"e":"serverShutdown","E":…}: the connection is about to be closed
 *
 * A stream of an unknown symbol is acknowledged like any other and stays silent.
 */
export function binanceProtocol(context: ProtocolContext, reader: BinanceReader): Protocol {
  const { kind, markets } = context;
  const requests = new Requests();

  const refuse = (error: JsonObject, id: unknown, reading: Reading): void => {
    reading.class = 'error';
    const reason = `${error.code}: ${error.msg}`;
    const refused = requests.close(id);
    if (refused === undefined) reading.reject(reason);
    else for (const market of refused) markets.reject(market, reason, reading);
  };

  return {
    change: (change) => changeStreams(kind, change, requests),
    read: (message, text, reading) => {
      if (!isObject(message)) return;
      const stream = typeof message.stream === 'string' ? message.stream : undefined;
      const event = stream === undefined ? message : message.data;
      if (!isObject(event)) return;
      if (event.e === 'serverShutdown') {
        reading.class = 'control';
        reading.reconnect = 'the server is shutting down';
      } else if (typeof event.e === 'string' || stream !== undefined) {
        reading.class = 'data';
        reader(event, stream, text, reading);
      } else if (isObject(event.error)) {
        refuse(event.error, event.id, reading);
      } else if (typeof event.code === 'number' && typeof event.msg === 'string') {
        refuse(event, event.id, reading);
      } else if ('result' in event) {
        reading.class = 'acknowledgement';
        for (const market of requests.close(event.id) ?? []) markets.confirm(market, reading);
      }
    },
  };
}
