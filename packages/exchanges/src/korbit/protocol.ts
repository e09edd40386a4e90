import type { Outgoing } from '../adapter.js';
import { isObject, type JsonObject } from '../reading/json.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { Market } from '../session/markets.js';
import type { Reading } from '../session/reading.js';
import { partsOf, Requests } from '../session/requests.js';
import type { Protocol } from '../session/stream-session.js';

/** Reads one data frame; `streamType` follows from its `snapshot` flag. */
export type KorbitReader = (
  message: JsonObject,
  market: Market,
  streamType: 'SNAPSHOT' | 'REALTIME',
  text: string,
  reading: Reading,
) => void;

/** 193 symbols in one request are known to work. */
const symbolsPerRequest = 150;

/**
 *     request  [{"requestId":1,"method":"subscribe","type":"ticker","symbols":["btc_krw"]}], always a list
 *     answer   {"status":"success","requestId":1}, only if an id was sent
 *     refusal  {"status":"fail","code":"INVALID_SYMBOL","message":"The symbol does not exist (nope_krw)","requestId":1}
 *     data     {"symbol":"btc_krw","timestamp":ms,"type":"ticker","snapshot":true,"data":…}; live frames have no `snapshot`
 *
 * A refused request subscribes nothing: the symbol it names is given up and the others are asked for again.
 */
export function korbitProtocol(context: ProtocolContext, reader: KorbitReader): Protocol {
  const { kind, markets } = context;
  const requests = new Requests();

  const frame = (method: string, part: readonly Market[], requestId: number): Outgoing => ({
    payload: JSON.stringify([{ requestId, method, type: kind, symbols: part.map((market) => market.wire) }]),
  });

  const refuse = (message: JsonObject, reading: Reading): void => {
    const asked = requests.close(message.requestId) ?? [];
    const reason = `${message.code ?? 'fail'}: ${message.message}`;
    const named = /\(([a-z0-9]+_[a-z0-9]+)\)/.exec(String(message.message))?.[1];
    const refused = asked.find((market) => market.wire === named) ?? (asked.length === 1 ? asked[0] : undefined);
    if (refused === undefined) {
      reading.reject(reason);
      // Nobody is named: asked one by one, the exchange will say which.
      for (const market of asked) reading.reply(frame('subscribe', [market], requests.open([market])).payload);
      return;
    }
    markets.reject(refused, reason, reading);
    const others = asked.filter((market) => market !== refused);
    if (others.length > 0) reading.reply(frame('subscribe', others, requests.open(others)).payload);
  };

  return {
    change: ({ added, removed }) => [
      ...partsOf(removed, symbolsPerRequest).map((part) => frame('unsubscribe', part, requests.open([]))),
      ...partsOf(added, symbolsPerRequest).map((part) => frame('subscribe', part, requests.open(part))),
    ],
    read: (message, text, reading) => {
      if (!isObject(message)) return;
      if (message.status === 'success') {
        reading.class = 'acknowledgement';
        for (const market of requests.close(message.requestId) ?? []) markets.confirm(market, reading);
      } else if (message.status === 'fail') {
        reading.class = 'error';
        refuse(message, reading);
      } else if (typeof message.type === 'string' && 'data' in message) {
        reading.class = 'data';
        if (message.type !== kind) return;
        const market = markets.ofData(message.symbol, reading);
        if (market === undefined) return;
        reader(message, market, message.snapshot === true ? 'SNAPSHOT' : 'REALTIME', text, reading);
      }
    },
  };
}
