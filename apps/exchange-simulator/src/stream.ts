import type { RequestType } from '@naru/core';
import type { PlayedExchange } from './exchanges/played-exchange.js';
import type { SimulatedMarket } from './market/market.js';
import type { SimulatedSocket } from './simulated-socket.js';

/** One market's sequence of one kind, which goes to every socket that asked for it. */
export class Stream {
  readonly exchange: PlayedExchange;
  readonly kind: RequestType;
  readonly market: SimulatedMarket;
  readonly sockets: Set<SimulatedSocket> = new Set();
  /** Index of the next frame, which is also how many were sent. */
  next = 0;

  constructor(exchange: PlayedExchange, kind: RequestType, market: SimulatedMarket) {
    this.exchange = exchange;
    this.kind = kind;
    this.market = market;
  }

  /** Sends the frame at the next index to every subscriber. */
  advance(timeMs: number): void {
    const text = this.exchange.frame(this.kind, this.market, this.next, timeMs, 'REALTIME');
    this.next += 1;
    for (const socket of this.sockets) socket.send(text);
  }
}
