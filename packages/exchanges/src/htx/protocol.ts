import type { RequestType } from '@naru/core';
import type { Outgoing } from '../adapter.js';
import { isObject, type JsonObject } from '../reading/json.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { Market } from '../session/markets.js';
import type { Reading } from '../session/reading.js';
import { Requests } from '../session/requests.js';
import type { Protocol } from '../session/stream-session.js';
import { frameText } from './frame-text.js';

/** Reads one data frame: the market and channel of its `ch` (or `rep`), the whole message. */
export type HtxReader = (market: Market, channel: string, message: JsonObject, text: string, reading: Reading) => void;

export interface HtxOptions {
  /** Channel to subscribe to, without `market.<symbol>.`. */
  readonly channel: string;
  /** Whether a channel is of the session's kind. */
  reads(channel: string): boolean;
  readonly reader: HtxReader;
}

const prefix = 'market.';

/**
 * Every frame is gzip, acknowledgements and pings too.
 *
 *     request  {"sub":"market.btcusdt.ticker","id":"1"}
 *     answer   {"id":"1","status":"ok","subbed":"market.btcusdt.ticker","ts":ms}
 *     refusal  {"id":"1","status":"error","err-code":"bad-request","err-msg":"…"}
 *     ping     {"ping":n}, answered with {"pong":n}; two unanswered ones end the connection
 *     data     {"ch":"market.btcusdt.ticker","ts":ms,"tick":{…}}
 *     reply    {"id":"…","status":"ok","rep":"market.btcusdt.mbp.150","data":{…}}
 */
export function htxProtocol(context: ProtocolContext, options: HtxOptions): Protocol {
  const { markets, maxFrameBytes } = context;
  const requests = new Requests();

  const frame = (verb: string, market: Market, id: number): Outgoing => ({
    payload: JSON.stringify({ [verb]: `${prefix}${market.wire}.${options.channel}`, id: String(id) }),
  });

  const readTopic = (topic: string, message: JsonObject, text: string, reading: Reading): void => {
    reading.class = 'data';
    const dot = topic.indexOf('.', prefix.length);
    const channel = topic.slice(dot + 1);
    if (!topic.startsWith(prefix) || dot < 0 || !options.reads(channel)) return;
    const market = markets.ofData(topic.slice(prefix.length, dot), reading);
    if (market !== undefined) options.reader(market, channel, message, text, reading);
  };

  return {
    decode: (data) => frameText(data, maxFrameBytes),
    change: ({ added, removed }) => [
      ...removed.map((market) => frame('unsub', market, requests.open([]))),
      ...added.map((market) => frame('sub', market, requests.open([market]))),
    ],
    read: (message, text, reading) => {
      if (!isObject(message)) return;
      if (typeof message.ch === 'string') {
        readTopic(message.ch, message, text, reading);
      } else if (typeof message.rep === 'string') {
        readTopic(message.rep, message, text, reading);
      } else if (typeof message.ping === 'number') {
        reading.class = 'heartbeat';
        reading.reply(`{"pong":${message.ping}}`);
      } else if (typeof message.subbed === 'string') {
        reading.class = 'acknowledgement';
        const wire = message.subbed.slice(prefix.length, message.subbed.indexOf('.', prefix.length));
        const market = requests.close(message.id)?.[0] ?? markets.find(wire);
        markets.confirm(market, reading);
      } else if (typeof message.unsubbed === 'string') {
        reading.class = 'acknowledgement';
      } else if (message.status === 'error') {
        reading.class = 'error';
        const reason = `${message['err-code']}: ${message['err-msg']}`;
        const market = requests.close(message.id)?.[0];
        if (market === undefined) reading.reject(reason);
        else markets.reject(market, reason, reading);
      }
    },
  };
}

/** Channels of each kind that are read besides the one subscribed to. */
export const htxReads: Readonly<Record<Exclude<RequestType, 'orderbook'>, (channel: string) => boolean>> = {
  ticker: (channel) => channel === 'ticker' || channel === 'detail',
  trade: (channel) => channel === 'trade.detail',
};
