import type { RequestType, StreamType } from '@naru/core';
import type { Liveness } from '../liveness.js';
import type { Stream } from '../stream.js';

/** One client's socket as an exchange sees it. */
export interface PlayedSocket {
  /** Sends text in the exchange's own framing. */
  send(text: string): void;
  /** Subscribes to a market's sequence; `variant` is what the exchange adds to it, such as a depth. */
  subscribe(kind: RequestType, code: string, variant?: string): Stream;
  unsubscribe(kind: RequestType, code: string, variant?: string): void;
  /** Sets the markets of one kind this socket receives. */
  replace(kind: RequestType, codes: readonly string[]): void;
  readonly streams: readonly Stream[];
  /** Whatever the exchange must remember of this socket. */
  readonly memory: Map<string, unknown>;
  /** Closes as the exchange would, after what was sent has left. */
  close(code: number, reason: string): void;
}

/** What an HTTP call is answered with. */
export interface PlayedRest {
  /** The stream of a market, as its subscribers see it, or a fresh one. */
  stream(kind: RequestType, code: string, variant?: string): Stream;
}

/** An exchange as the simulator plays it: its words, not its numbers. */
export interface PlayedExchange {
  readonly name: string;
  /** `binary` is UTF-8 in binary frames, `gzip` the same packed. */
  readonly framing: 'text' | 'binary' | 'gzip';
  readonly liveness: Liveness;
  /** Client messages a second beyond which the socket is closed. */
  readonly maxMessagesPerSecond?: number;
  /** Connections of one address beyond which a new one is closed, and with what code. */
  readonly maxConnections?: { readonly count: number; readonly closeCode: number };
  /** Levels per side of a book, by variant. Default 50. */
  depth?(variant: string): number;
  opened?(socket: PlayedSocket): void;
  /** Answers one text frame of a client. */
  receive(text: string, socket: PlayedSocket): void;
  /** What a new subscription is sent first, if anything: state before index `stream.next`. */
  first?(stream: Stream, timeMs: number, socket: PlayedSocket): string | undefined;
  /** The frames at `index` of a stream. Order books were moved on to that index already. */
  frames(stream: Stream, index: number, timeMs: number, streamType: StreamType): readonly string[];
  /** Finishes a frame for one socket, where frames carry numbers of the socket. */
  address?(text: string, stream: Stream, socket: PlayedSocket): string;
  /** Text of a maintenance notice. */
  readonly maintenance?: string;
  /** Answers an HTTP GET below the exchange's path; undefined is "not found". */
  rest?(url: URL, rest: PlayedRest, timeMs: number): string | undefined;
}

/** Whether a market is listed: every code is, except those whose base begins with NOPE. */
export const isListed = (code: string | undefined): code is string =>
  code !== undefined && /^[A-Z0-9]{1,20}-(?!NOPE)[A-Z0-9]{1,20}$/.test(code);

/** The value of JSON text, or undefined. */
export function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The fields of a JSON object, or none. */
export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** The elements of a JSON list, or none. */
export const elementsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
