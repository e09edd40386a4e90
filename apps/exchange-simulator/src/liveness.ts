import type { PlayedSocket } from './exchanges/played-exchange.js';

/** How an exchange keeps sockets alive and when it cuts them. Times in milliseconds. */
export interface Liveness {
  /** What the server sends on its own, and how often. */
  readonly beat?: { readonly everyMs: number; readonly send: 'protocol-ping' | ((socket: PlayedSocket) => void) };
  /** Cut after this long without... */
  readonly cut?: {
    readonly afterMs: number;
    /** ...anything from the client, pongs included; or without traffic in either direction. */
    readonly without: 'client' | 'traffic';
  };
  /** Cut a socket that has not subscribed to anything in time. */
  readonly mustSubscribeWithinMs?: number;
}

/** Follows one socket's signs of life. */
export class LivenessWatch {
  readonly #liveness: Liveness;
  readonly #openedAt: number;
  #clientAt: number;
  #trafficAt: number;
  #beatAt: number;

  constructor(liveness: Liveness, now: number) {
    this.#liveness = liveness;
    this.#openedAt = now;
    this.#clientAt = now;
    this.#trafficAt = now;
    this.#beatAt = now;
  }

  heardClient(now: number): void {
    this.#clientAt = now;
    this.#trafficAt = now;
  }

  sent(now: number): void {
    this.#trafficAt = now;
  }

  /** What is due: to cut the socket, to send a beat, or nothing. */
  due(now: number, subscribed: boolean): 'cut' | 'beat' | undefined {
    const { cut, beat, mustSubscribeWithinMs } = this.#liveness;
    if (!subscribed && mustSubscribeWithinMs !== undefined && now - this.#openedAt >= mustSubscribeWithinMs)
      return 'cut';
    const last = cut?.without === 'client' ? this.#clientAt : this.#trafficAt;
    if (cut !== undefined && now - last >= cut.afterMs) return 'cut';
    if (beat !== undefined && now - this.#beatAt >= beat.everyMs) {
      this.#beatAt = now;
      return 'beat';
    }
    return undefined;
  }
}
