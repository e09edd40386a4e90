import type { RequestType } from '@naru/core';
import { isObject, type JsonObject } from '../reading/json.js';
import { toNumber } from '../reading/numbers.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { Market } from '../session/markets.js';
import type { Reading } from '../session/reading.js';
import type { Protocol } from '../session/stream-session.js';

/** One data frame: its channel's market, its payload (`te` and `tu` frames name their type) and its time if it has one. */
export interface BitfinexFrame {
  readonly market: Market;
  readonly type: string | undefined;
  readonly payload: readonly unknown[];
  /** Unix seconds; NaN without the TIMESTAMP flag. */
  readonly time: number;
}

export interface BitfinexOptions {
  /** Parameters of a subscription besides channel and symbol. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly reader: (frame: BitfinexFrame, text: string, reading: Reading) => void;
  /** Called with a checksum frame's number. */
  readonly checksum?: (market: Market, checksum: number, reading: Reading) => void;
}

const channels: Readonly<Record<RequestType, string>> = { ticker: 'ticker', trade: 'trades', orderbook: 'book' };

/** TIMESTAMP, SEQ_ALL and OB_CHECKSUM. */
const flags = 32_768 + 65_536 + 131_072;

const alreadySubscribed = 10_301;
const reconnectNow = 20_051;
const maintenanceEnds = 20_061;

/** The exchange's times have 13 digits, its counters never will. */
const isTime = (value: unknown): value is number => typeof value === 'number' && value >= 1e12 && value < 1e15;

/** A protocol that can also start one market over. */
export interface BitfinexProtocol extends Protocol {
  resubscribe(market: Market, reading: Reading): void;
}

/**
 *     flags    {"event":"conf","flags":229376}, once, before the first subscription
 *     request  {"event":"subscribe","channel":"trades","symbol":"tBTCUSD"}
 *     answer   {"event":"subscribed","channel":…,"chanId":n,"symbol":…}; frames then name only chanId
 *     removal  {"event":"unsubscribe","chanId":n}
 *     refusal  {"event":"error","code":10300,"symbol":…}
 *     notice   {"event":"info","code":20051|20060|20061}: reconnect, maintenance begins, ends
 *     data     [chanId, payload…, counter, ms]; counter with SEQ_ALL, ms with TIMESTAMP; "hb" and "cs" in place of data
 *
 * The counter counts every frame of the socket, so a step of more than one says that some frame was lost, not whose.
 */
export function bitfinexProtocol(context: ProtocolContext, options: BitfinexOptions): BitfinexProtocol {
  const { kind, markets } = context;
  const byChannel = new Map<number, Market>();
  const channelOf = new Map<Market, number>();
  const resubscribing = new Map<number, Market>();
  let configured = false;
  let counter = Number.NaN;

  const subscription = (market: Market): string =>
    JSON.stringify({ event: 'subscribe', channel: channels[kind], symbol: market.wire, ...options.parameters });
  const removal = (chanId: number): string => JSON.stringify({ event: 'unsubscribe', chanId });

  const subscribed = (message: JsonObject, reading: Reading): void => {
    reading.class = 'acknowledgement';
    if (message.channel !== channels[kind] || typeof message.chanId !== 'number') return;
    const market = typeof message.symbol === 'string' ? markets.find(message.symbol) : undefined;
    if (market === undefined) {
      // Removed while its acknowledgement was on the way.
      reading.reply(removal(message.chanId));
      return;
    }
    byChannel.set(message.chanId, market);
    channelOf.set(market, message.chanId);
    markets.confirm(market, reading);
  };

  const unsubscribed = (message: JsonObject, reading: Reading): void => {
    reading.class = 'acknowledgement';
    const chanId = Number(message.chanId);
    const market = byChannel.get(chanId);
    byChannel.delete(chanId);
    if (market !== undefined && channelOf.get(market) === chanId) channelOf.delete(market);
    const again = resubscribing.get(chanId);
    resubscribing.delete(chanId);
    if (again !== undefined && markets.find(again.wire) === again) reading.reply(subscription(again));
  };

  const refuse = (message: JsonObject, reading: Reading): void => {
    reading.class = 'error';
    if (message.code === alreadySubscribed) return;
    const reason = `${message.code}: ${message.msg}`;
    const market = typeof message.symbol === 'string' ? markets.find(message.symbol) : undefined;
    if (market === undefined) reading.reject(reason);
    else markets.reject(market, reason, reading);
  };

  const readEvent = (message: JsonObject, reading: Reading): void => {
    switch (message.event) {
      case 'subscribed':
        subscribed(message, reading);
        return;
      case 'unsubscribed':
        unsubscribed(message, reading);
        return;
      case 'conf':
        reading.class = 'acknowledgement';
        return;
      case 'pong':
        reading.class = 'heartbeat';
        return;
      case 'error':
        refuse(message, reading);
        return;
      case 'info':
        reading.class = 'control';
        if (message.code === reconnectNow) reading.reconnect = 'the server is stopping';
        if (message.code === maintenanceEnds) reading.reconnect = 'maintenance has ended; subscriptions are gone';
    }
  };

  /** Follows the socket's counter: the first number after the payload, when there is one. */
  const count = (value: unknown, reading: Reading): void => {
    if (typeof value !== 'number' || isTime(value)) return;
    if (value > counter + 1) reading.fail('gap', `${value - counter - 1} frames of the socket did not arrive.`);
    counter = value;
  };

  const readFrame = (message: readonly unknown[], text: string, reading: Reading): void => {
    const [chanId, second, third] = message;
    if (typeof chanId !== 'number' || message.length < 2) return;
    const isNamed = typeof second === 'string';
    // "hb" has no payload; "cs", "te" and "tu" have theirs behind the name.
    const tail = isNamed && second !== 'hb' ? 3 : 2;
    if (configured) count(message[tail], reading);
    if (second === 'hb') {
      reading.class = 'heartbeat';
      return;
    }
    const market = byChannel.get(chanId);
    if (second === 'cs') {
      reading.class = 'control';
      if (market !== undefined) options.checksum?.(market, toNumber(third), reading);
      return;
    }
    const payload = isNamed ? third : second;
    if (!Array.isArray(payload)) return;
    reading.class = 'data';
    if (market === undefined) {
      reading.fail('symbol', `Channel ${chanId} was not acknowledged on this socket.`);
      return;
    }
    const last = message[message.length - 1];
    if (markets.ofData(market.wire, reading) !== market) return;
    const time = message.length > tail && isTime(last) ? last / 1000 : Number.NaN;
    options.reader({ market, type: isNamed ? second : undefined, payload, time }, text, reading);
  };

  return {
    change: ({ added, removed }) => {
      const frames = removed.flatMap((market) => {
        const chanId = channelOf.get(market);
        return chanId === undefined ? [] : [removal(chanId)];
      });
      if (!configured) frames.push(JSON.stringify({ event: 'conf', flags }));
      configured = true;
      return [...frames, ...added.map(subscription)].map((payload) => ({ payload }));
    },
    read: (message, text, reading) => {
      if (Array.isArray(message)) readFrame(message, text, reading);
      else if (isObject(message)) readEvent(message, reading);
    },
    resubscribe: (market, reading) => {
      const chanId = channelOf.get(market);
      if (chanId === undefined || resubscribing.has(chanId)) return;
      resubscribing.set(chanId, market);
      reading.reply(removal(chanId));
    },
  };
}
