import type { RequestType } from '@naru/core';
import type { BookPublishing, ExchangeAdapter, ExchangeSession, SessionOptions } from '../adapter.js';
import { ExchangeError } from '../exchange-error.js';
import { createBookReader } from '../reading/book-reader.js';
import { createFrameReader } from '../reading/frame-reader.js';
import { parseJson } from '../reading/json.js';
import { Markets } from './markets.js';
import { type Protocol, StreamSession } from './stream-session.js';

/** What a protocol is made with: the markets of its socket and the options with their defaults. */
export interface ProtocolContext {
  readonly markets: Markets;
  readonly kind: RequestType;
  readonly address: string;
  /** Where HTTP requests go: `own` for the exchange itself, beside the socket when that is elsewhere. */
  rest(own: string): string;
  readonly depth: number;
  readonly publish: BookPublishing;
  readonly changes: boolean;
  /** Read frames that repeat or precede what was read before, as when they come from a file. */
  readonly repeats: boolean;
  readonly maxFrameBytes: number;
}

/** Everything of an adapter that is data; the session follows from it. */
export type AdapterData = Omit<ExchangeAdapter, 'createSession' | 'kinds'>;

export type ProtocolFactory = (context: ProtocolContext) => Protocol;

/** Makes an adapter of an exchange's data and its protocol for each kind it offers. */
export function defineExchange(
  data: AdapterData,
  protocols: Readonly<Partial<Record<RequestType, ProtocolFactory>>>,
): ExchangeAdapter {
  return {
    ...data,
    kinds: Object.keys(protocols) as RequestType[],
    createSession: (kind, options = {}) => {
      const factory = protocols[kind];
      if (factory === undefined) {
        const known = Object.keys(protocols).join(', ');
        throw new ExchangeError('unsupported_kind', `${data.name} has no "${kind}"; it has ${known}.`);
      }
      return createSession(data, kind, factory, options);
    },
  };
}

function createSession(
  data: AdapterData,
  kind: RequestType,
  factory: ProtocolFactory,
  options: SessionOptions,
): ExchangeSession {
  const depth = options.depth ?? 30;
  if (!(depth === Number.POSITIVE_INFINITY || (Number.isInteger(depth) && depth > 0))) {
    throw new ExchangeError(
      'invalid_option',
      `depth is ${depth}; give a positive whole number of levels, or Infinity.`,
    );
  }
  const publish = options.publish ?? 'every-change';
  if (publish !== 'every-change' && !(publish.intervalMs > 0)) {
    throw new ExchangeError(
      'invalid_option',
      `publish.intervalMs is ${publish.intervalMs}; give milliseconds above 0.`,
    );
  }
  const maxFrameBytes = options.maxFrameBytes ?? 4 * 1024 * 1024;
  if (!(Number.isInteger(maxFrameBytes) && maxFrameBytes > 0)) {
    throw new ExchangeError('invalid_option', `maxFrameBytes is ${maxFrameBytes}; give a positive number of bytes.`);
  }
  const markets = new Markets({
    symbols: data.symbols,
    instruments: options.instruments,
    maximum: data.limits.symbolsPerSocket,
    anyMarket: options.everyFrame ?? false,
    confirmedByData: data.confirmation === 'first-data',
  });
  const address = options.address ?? data.addresses.default(kind);
  const context: ProtocolContext = {
    markets,
    kind,
    address,
    rest: restBeside(data, address),
    depth,
    publish,
    changes: options.changes ?? false,
    repeats: options.everyFrame ?? false,
    maxFrameBytes,
  };
  const protocol = factory(context);
  return new StreamSession(markets, protocol, readerFor(kind, protocol));
}

/** Changes of books differ in their length from frame to frame, and some books keep strings of them. */
function readerFor(
  kind: RequestType,
  { takesRows = false }: Protocol,
): (text: string, data: Buffer | string) => unknown {
  if (kind !== 'orderbook') return createFrameReader();
  return takesRows ? createBookReader() : parseJson;
}

/** A socket that is not at the exchange (a proxy, a simulator) has the HTTP calls under its own address. */
function restBeside(data: AdapterData, address: string): (own: string) => string {
  if (!URL.canParse(address)) {
    throw new ExchangeError(
      'invalid_option',
      `address is "${address}"; give a WebSocket address such as wss://host/path.`,
    );
  }
  const url = new URL(address);
  if (data.addresses.hosts.includes(url.hostname)) return (own) => own;
  const base = `${url.protocol === 'wss:' ? 'https:' : 'http:'}//${url.host}${url.pathname}`;
  return () => base;
}
