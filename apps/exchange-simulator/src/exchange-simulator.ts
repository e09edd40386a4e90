import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, type Logger, type RequestType, silentLogger, systemClock } from '@naru/core';
import { WebSocketServer } from 'ws';
import { type Replay, replayTo } from './capture/replay.js';
import { answerControl, type Controlled, controlPath, type SentFrames } from './control.js';
import { playedExchanges } from './exchanges/all.js';
import type { PlayedExchange } from './exchanges/played-exchange.js';
import { type FaultEvent, type FaultRates, faultNames } from './faults.js';
import { numbersOf } from './market/book.js';
import { SimulatedMarket } from './market/market.js';
import { type ExpectedTicker, expectedTicker, tickerAt } from './market/ticker.js';
import { type ExpectedTrade, expectedTrade, tradeAt } from './market/trade.js';
import { Pacer } from './pacer.js';
import { SimulatorError } from './simulator-error.js';
import type { ExchangeSimulatorOptions } from './simulator-options.js';
import { attachWebSocket } from './websocket-transport.js';
import { playedExchange, World } from './world.js';

const livenessEveryMs = 250;

/** A book as a correct reader has it, best first. */
export interface ExpectedBook {
  readonly asks: readonly (readonly [price: number, size: number])[];
  readonly bids: readonly (readonly [price: number, size: number])[];
}

/** Exchanges on loopback: a path per exchange, known sequences from a seed. */
export class ExchangeSimulator implements Controlled {
  readonly #host: string;
  readonly #port: number;
  readonly #seed: number;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #world: World;
  readonly #replay: Replay | undefined;
  readonly #pacer: Pacer;
  readonly #waiting = new Set<{ readonly total: number; readonly resolve: () => void }>();
  #total = 0;
  #server: Server | undefined;
  #sockets: WebSocketServer | undefined;
  #stopLiveness: (() => void) | undefined;

  constructor(options: ExchangeSimulatorOptions) {
    const { port = 0, host = '127.0.0.1', rate = 1000, seed = 1, messages = Number.POSITIVE_INFINITY } = options;
    requireOption('port', port, Number.isInteger(port) && port >= 0 && port <= 65_535, 'a port number, or 0');
    requireRate(rate);
    requireOption('seed', seed, Number.isSafeInteger(seed), 'a whole number');
    requireOption('messages', messages, messages > 0, 'a number of frames above 0, or Infinity');
    for (const name of faultNames) {
      const value = options.faults?.[name] ?? 0;
      requireOption(`faults.${name}`, value, value >= 0 && value <= 1, 'a probability from 0 to 1');
    }
    const { speed = 1 } = options.replay ?? {};
    requireOption('replay.speed', speed, speed > 0, 'a factor above 0');
    if (options.replay !== undefined) playedExchange(options.replay.exchange);
    this.#replay = options.replay;
    this.#host = host;
    this.#port = port;
    this.#seed = seed;
    this.#clock = options.clock ?? systemClock;
    this.#logger = options.logger ?? silentLogger;
    const { startTimeMs, faults, unattended } = options;
    this.#world = new World({ seed, messages, unattended, startTimeMs, faults, clock: this.#clock });
    this.#pacer = new Pacer(rate, this.#clock, () => this.#advance());
  }

  /**
   * Listens.
   * @throws SimulatorError `listen_failed`
   */
  async start(): Promise<void> {
    const server = createServer((request, response) => this.#answerHttp(request, response));
    const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
    server.on('upgrade', (request, socket, head) => {
      const exchange = exchangeOf(urlOf(request));
      if (exchange === undefined) {
        socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
        return;
      }
      sockets.handleUpgrade(request, socket, head, (client) => {
        this.#logger.debug('client connected', { exchange: exchange.name });
        if (this.#replay?.exchange === exchange.name) replayTo(client, this.#replay, this.#clock);
        else attachWebSocket(client, socket, exchange, this.#world);
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) => {
        const message = `Cannot listen on ${this.#host}:${this.#port}; choose another --port, or 0 for a free one.`;
        reject(new SimulatorError('listen_failed', message, cause));
      });
      server.listen(this.#port, this.#host, resolve);
    });
    this.#server = server;
    this.#sockets = sockets;
    this.#pacer.start();
    this.#watchLiveness();
  }

  /** The port it listens on. */
  get port(): number {
    const address = this.#server?.address() as AddressInfo | null | undefined;
    if (!address) throw new SimulatorError('not_started', 'The simulator has no port yet; await start() first.');
    return address.port;
  }

  /**
   * The WebSocket address of an exchange. Its HTTP calls are below the same path.
   * @throws SimulatorError `unknown_exchange`, `not_started`
   */
  url(exchange: string): string {
    const { name } = playedExchange(exchange);
    return `ws://${this.#host}:${this.port}/${name}`;
  }

  /**
   * Live data frames made for a market so far, so that indices 0 to `sent - 1` are out. Frames replayed on subscribing
   * are not counted; those a fault swallowed are.
   */
  sent(exchange: string, kind: RequestType, code: string): number {
    return this.#world.streamsOf(exchange, kind, code).reduce((sum, stream) => sum + stream.next, 0);
  }

  /** Live data frames made for all markets. */
  get totalSent(): number {
    return this.#total;
  }

  /** Live data frames made, sequence by sequence; books of several depths of one market are sequences of their own. */
  get sentByStream(): readonly SentFrames[] {
    return this.#world.streams.map(({ exchange, kind, code, next, replayed, unheard }) => ({
      exchange: exchange.name,
      kind,
      code,
      sent: next,
      replayed,
      unheard,
    }));
  }

  /** Data frames per second over all streams together. */
  get rate(): number {
    return this.#pacer.rate;
  }

  /**
   * Sends this many data frames per second from now on; 0 holds everything.
   * @throws SimulatorError `invalid_option`
   */
  setRate(rate: number): void {
    requireRate(rate);
    this.#pacer.rate = rate;
  }

  /** How often each fault has happened. */
  get faultCounts(): Readonly<Record<keyof FaultRates, number>> {
    return this.#world.faults.counts;
  }

  /** Resolves when `total` live data frames were made. */
  whenSent(total: number): Promise<void> {
    if (this.#total >= total) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.add({ total, resolve }));
  }

  /** What a correct reader makes of the trade at `index`; -1 is the one replayed on subscribing. */
  expectedTrade(exchange: string, code: string, index: number): ExpectedTrade {
    return expectedTrade(tradeAt(this.#marketOf(exchange, code), index));
  }

  /** What a correct reader makes of the ticker at `index`; -1 is the one replayed on subscribing. */
  expectedTicker(exchange: string, code: string, index: number): ExpectedTicker {
    return expectedTicker(tickerAt(this.#marketOf(exchange, code), index));
  }

  /** The order book a correct reader has now, as deep as it was subscribed; undefined while nobody has subscribed. */
  expectedBook(exchange: string, code: string): ExpectedBook | undefined {
    const view = this.#world.streamsOf(exchange, 'orderbook', code)[0]?.book.view();
    return view && { asks: numbersOf(view.asks), bids: numbersOf(view.bids) };
  }

  /** Makes something happen to every client of an exchange. */
  happen(event: FaultEvent, exchange: string): void {
    this.#world.happen(event, playedExchange(exchange));
  }

  /** Ends every connection and stops listening. Safe to call twice. */
  async close(): Promise<void> {
    this.#pacer.stop();
    this.#stopLiveness?.();
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    for (const client of this.#sockets?.clients ?? []) client.terminate();
    this.#sockets?.close();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #marketOf(exchange: string, code: string): SimulatedMarket {
    return new SimulatedMarket(playedExchange(exchange).name, code, this.#seed);
  }

  #advance(): boolean {
    if (!this.#world.advance()) return false;
    this.#total += 1;
    for (const waiting of this.#waiting) {
      if (this.#total < waiting.total) continue;
      this.#waiting.delete(waiting);
      waiting.resolve();
    }
    return true;
  }

  #watchLiveness(): void {
    this.#stopLiveness = this.#clock.schedule(livenessEveryMs, () => {
      this.#watchLiveness();
      this.#world.checkLiveness();
    });
  }

  #answerHttp(request: IncomingMessage, response: ServerResponse): void {
    const url = urlOf(request);
    if (url.pathname.split('/')[1] === controlPath) {
      answerControl(request, url, response, this);
      return;
    }
    const exchange = exchangeOf(url);
    const body = exchange === undefined ? undefined : this.#world.rest(exchange, url);
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(body ?? '{"error":"not found"}');
  }
}

/** Makes a simulator; `start()` makes it listen. */
export const createExchangeSimulator = (options: ExchangeSimulatorOptions = {}): ExchangeSimulator =>
  new ExchangeSimulator(options);

const urlOf = (request: IncomingMessage): URL => new URL(request.url ?? '/', 'http://simulator');

const exchangeOf = (url: URL): PlayedExchange | undefined => playedExchanges.get(url.pathname.split('/')[1] ?? '');

const requireRate = (rate: number): void =>
  requireOption('rate', rate, rate >= 0 && Number.isFinite(rate), 'frames per second, 0 or more');

function requireOption(name: string, value: unknown, valid: boolean, expected: string): void {
  if (!valid) throw new SimulatorError('invalid_option', `${name} is ${value}; give ${expected}.`);
}
