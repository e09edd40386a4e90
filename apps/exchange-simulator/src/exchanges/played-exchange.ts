import type { RequestType, StreamType } from '@naru/core';
import type { SimulatedMarket } from '../market/market.js';

/** One client's socket as an exchange sees it. */
export interface PlayedSocket {
  /** Sends text in the exchange's own framing. */
  send(text: string): void;
  /** Sets the markets this socket receives; each new one begins with what `PlayedExchange.first` gives. */
  replace(kind: RequestType, codes: readonly string[]): void;
  subscribe(kind: RequestType, code: string): void;
  unsubscribe(kind: RequestType, code: string): void;
  readonly subscriptions: readonly { readonly kind: RequestType; readonly code: string }[];
  /** Closes as the exchange would, after what was sent has left. */
  close(code: number, reason: string): void;
}

/** An exchange as the simulator plays it: its words, not its numbers. */
export interface PlayedExchange {
  readonly name: string;
  /** `binary` sends UTF-8 in binary frames. */
  readonly framing: 'text' | 'binary';
  /** Answers one text frame of a client. */
  receive(text: string, socket: PlayedSocket): void;
  /** What a new subscription is sent first, if anything. */
  first?(kind: RequestType, market: SimulatedMarket, index: number, timeMs: number): string | undefined;
  /** The frame at `index` of a market's sequence. */
  frame(kind: RequestType, market: SimulatedMarket, index: number, timeMs: number, streamType: StreamType): string;
}

/** Whether a market is listed: every code is, except those whose base begins with NOPE. */
export const isListed = (code: string): boolean => /^[A-Z0-9]{1,20}-(?!NOPE)[A-Z0-9]{1,20}$/.test(code);

/** The value of JSON text, or undefined. */
export function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
