import type { BookLevel, MarketRecord, Region, RequestType } from '@naru/core';
import type { ExchangeAddresses } from './addresses.js';

/** What a frame is for. Control frames concern the connection as a whole (greeting, maintenance, reconnect). */
export type FrameClass = 'control' | 'acknowledgement' | 'error' | 'heartbeat' | 'data' | 'unknown';

/** A text frame to send on the socket, as it is. */
export interface Outgoing {
  readonly payload: string;
}

/** A snapshot that only HTTP gives: fetch `url` with GET and hand the answer to `session.answer`. */
export interface SnapshotRequest {
  readonly url: string;
  /** Market code the snapshot is for. */
  readonly market: string;
  /** Names this request; an answer to an older one is ignored. */
  readonly id: number;
}

/** A subscription the exchange refused; without `code` it did not say which market it meant. */
export interface Rejection {
  readonly code?: string;
  readonly reason: string;
}

/**
 * - `encoding`: bytes that do not decompress or exceed the bound
 * - `syntax`: text that is not JSON
 * - `shape`: a data frame without a field its record needs, or with a number that is not finite
 * - `symbol`: a market that has no valid market code
 * - `gap`: a missing order-book update; the market resynchronises
 * - `checksum`: an order book that differs from the exchange's; the market resynchronises
 * - `snapshot`: an order-book snapshot that could not be fetched or used
 */
export type FailureKind = 'encoding' | 'syntax' | 'shape' | 'symbol' | 'gap' | 'checksum' | 'snapshot';

/** Something that was received and could not become a record. Count it by `kind`. */
export interface FrameFailure {
  readonly kind: FailureKind;
  readonly message: string;
  readonly code?: string;
}

/** The levels of one order-book delta as the frame states them; size 0 removes. Only with `SessionOptions.changes`. */
export interface BookChange {
  readonly code: string;
  readonly asks: readonly BookLevel[];
  readonly bids: readonly BookLevel[];
  readonly sequence?: string;
}

/** What one frame meant. Arrays are shared when empty: do not modify them. */
export interface Received {
  readonly class: FrameClass;
  readonly records: readonly MarketRecord[];
  /** Market codes whose subscription this frame proved. Each is named once per subscription. */
  readonly confirmed: readonly string[];
  readonly rejected: readonly Rejection[];
  /** Frames to send at once, in order. */
  readonly replies: readonly Outgoing[];
  /** Snapshots to fetch; at most a few at a time. */
  readonly fetches: readonly SnapshotRequest[];
  readonly failures: readonly FrameFailure[];
  readonly changes: readonly BookChange[];
  /** Why the exchange asks for a new connection, when it does. */
  readonly reconnect: string | undefined;
}

/** Running totals of one session. */
export interface SessionCounts {
  readonly frames: number;
  readonly records: number;
  readonly failures: number;
  /** Order-book updates found missing. */
  readonly gaps: number;
  /** Order books that differed from the exchange's checksum. */
  readonly checksumMismatches: number;
  /** Times a single market's order book was started over. */
  readonly resyncs: number;
}

/** When an order book is published: at every change, or at most once per interval and market. */
export type BookPublishing = 'every-change' | { readonly intervalMs: number };

export interface SessionOptions {
  /**
   * The address the socket is connected to; a few exchanges speak differently by address, and snapshots of a socket
   * that is elsewhere (a proxy, a simulator) are asked for beside it. Default: the exchange's default address.
   */
  readonly address?: string;
  /** Levels per side of a published order book. Default 30; `Infinity` publishes all that is known. */
  readonly depth?: number;
  /** Default `every-change`. */
  readonly publish?: BookPublishing;
  /** Market code ↔ wire symbol where the rule alone is not enough, from `adapter.instruments`. */
  readonly instruments?: InstrumentList;
  /**
   * Read every frame, as from a file: of markets nobody asked for, and repeated or old ones. Default false: data of
   * other markets is left out, and of exchanges that repeat themselves so are repetitions.
   */
  readonly everyFrame?: boolean;
  /** Also report order-book deltas as they stand in the frame. Default false. */
  readonly changes?: boolean;
  /** Bound on a decompressed frame, in bytes. Default 4 MiB. */
  readonly maxFrameBytes?: number;
}

/** The protocol state of one socket: no I/O, no timers. Make a new one for every connection. */
export interface ExchangeSession {
  /**
   * Frames that make the socket deliver exactly `wanted` (market codes). On a fresh session this is the first
   * subscription; later it replaces or sends the difference, as the exchange demands.
   * @throws ExchangeError `invalid_market_code`, `too_many_symbols`
   */
  changeSymbols(wanted: readonly string[]): Outgoing[];
  /** Reads one frame. Never throws. `receivedAt` in Unix seconds. */
  receive(data: Buffer | string, receivedAt: number): Received;
  /** Hands over the answer to a `SnapshotRequest`: the body, or an error if it could not be fetched. */
  answer(request: SnapshotRequest, body: string | Error, receivedAt: number): Received;
  /** Order books held back by an interval that are due at `receivedAt` (Unix seconds). */
  flush(receivedAt: number): readonly MarketRecord[];
  /** Markets asked for that neither an acknowledgement nor data has confirmed. */
  readonly unconfirmed: readonly string[];
  /** Markets asked for that have sent no data: after `silentAfterMs` an exchange that never refuses has refused them. */
  readonly silent: readonly string[];
  readonly counts: SessionCounts;
}

export interface ExchangeLimits {
  readonly symbolsPerSocket: number;
  /** Frames a client may send per second on one socket; pace subscriptions by it. */
  readonly messagesPerSecond: number;
  /** Sockets that one address may hold at once; absent where the exchange states none. */
  readonly connectionsPerIp?: number;
  /** New sockets per second from one address, below 1 where the exchange counts minutes; absent where it states none. */
  readonly connectionsPerSecond?: number;
  /** The exchange closes sockets after this time whatever happens. */
  readonly maxConnectionAgeMs?: number;
}

/**
 * How the socket is kept alive. `frame-ping`: send protocol pings. `text`: send `payload`. `server`: the exchange
 * asks, and the answer is in `replies` or the WebSocket library's. Nothing received for `idleTimeoutMs` means dead.
 */
export type Heartbeat =
  | { readonly type: 'frame-ping'; readonly intervalMs: number; readonly idleTimeoutMs: number }
  | { readonly type: 'text'; readonly payload: string; readonly intervalMs: number; readonly idleTimeoutMs: number }
  | { readonly type: 'server'; readonly idleTimeoutMs: number };

/** Wire symbol → market code as an exchange's own list states it. */
export type InstrumentList = ReadonlyMap<string, string>;

/** Where an exchange's own instrument list is, and how to read it. */
export interface InstrumentSource {
  readonly url: string;
  /** @throws ExchangeError `invalid_instruments` */
  read(body: string): InstrumentList;
}

export interface SymbolRules {
  /** Wire symbol of a market code, such as `BTCUSDT` for `USDT-BTC`. */
  toWire(code: string): string;
  /** Market code of a wire symbol, or undefined when it is none. */
  toCode(wire: string): string | undefined;
}

export interface ExchangeAdapter {
  readonly name: string;
  readonly region: Region;
  readonly kinds: readonly RequestType[];
  readonly addresses: ExchangeAddresses;
  readonly symbols: SymbolRules;
  /** Present where the wire symbol alone is ambiguous; `symbols` then falls back on a shipped list of quotes. */
  readonly instruments?: InstrumentSource;
  readonly limits: ExchangeLimits;
  readonly heartbeat: Heartbeat;
  /** What proves a subscription: the exchange's own acknowledgement, or the first data where it has none. */
  readonly confirmation: 'explicit' | 'first-data';
  /** A market still in `session.silent` this long after subscribing was refused without a word. */
  readonly silentAfterMs: number;
  /** @throws ExchangeError `unsupported_kind`, `invalid_option` */
  createSession(kind: RequestType, options?: SessionOptions): ExchangeSession;
}
