import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Logger, type RequestType, silentLogger } from '@naru/core';
import { WebSocketServer } from 'ws';
import { playedExchanges } from './exchanges/all.js';
import type { PlayedExchange } from './exchanges/played-exchange.js';
import { SimulatedMarket } from './market/market.js';
import { type ExpectedTicker, expectedTicker, tickerAt } from './market/ticker.js';
import { type ExpectedTrade, expectedTrade, tradeAt } from './market/trade.js';
import { Pacer } from './pacer.js';
import { SimulatedSocket } from './simulated-socket.js';
import { SimulatorError } from './simulator-error.js';
import type { ExchangeSimulatorOptions } from './simulator-options.js';
import { Stream } from './stream.js';

/** A client that reads this slowly is waited for: frames are held back, not thrown away. */
const maxBufferedBytes = 8 * 1024 * 1024;

/** Exchanges on loopback: a path per exchange, known sequences from a seed. */
export class ExchangeSimulator {
  readonly #options: Required<Omit<ExchangeSimulatorOptions, 'startTimeMs' | 'logger'>>;
  readonly #startTimeMs: number | undefined;
  readonly #logger: Logger;
  readonly #streams = new Map<string, Stream>();
  readonly #waiting = new Set<{ readonly total: number; readonly resolve: () => void }>();
  readonly #pacer: Pacer;
  #order: Stream[] = [];
  #turn = 0;
  #total = 0;
  #server: Server | undefined;
  #sockets: WebSocketServer | undefined;

  constructor(options: ExchangeSimulatorOptions) {
    const { port = 0, host = '127.0.0.1', rate = 1000, seed = 1, messages = Number.POSITIVE_INFINITY } = options;
    requireOption('port', port, Number.isInteger(port) && port >= 0 && port <= 65_535, 'a port number, or 0');
    requireOption('rate', rate, rate > 0 && Number.isFinite(rate), 'frames per second above 0');
    requireOption('seed', seed, Number.isSafeInteger(seed), 'a whole number');
    requireOption('messages', messages, messages > 0, 'a number of frames above 0, or Infinity');
    this.#options = { port, host, rate, seed, messages };
    this.#startTimeMs = options.startTimeMs;
    this.#logger = options.logger ?? silentLogger;
    this.#pacer = new Pacer(rate, () => this.#advance());
  }

  /**
   * Listens.
   * @throws SimulatorError `listen_failed`
   */
  async start(): Promise<void> {
    const server = createServer((_request, response) => response.writeHead(404).end());
    const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
    server.on('upgrade', (request, socket, head) => {
      const name = new URL(request.url ?? '/', 'http://simulator').pathname.split('/')[1] ?? '';
      const exchange = playedExchanges.get(name);
      if (exchange === undefined) {
        socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
        return;
      }
      sockets.handleUpgrade(request, socket, head, (client) => {
        this.#logger.debug('client connected', { exchange: name });
        new SimulatedSocket(client, exchange, {
          of: (played, kind, code) => this.#streamOf(played, kind, code),
          timeOf: (index) => this.#timeOf(index),
        });
      });
    });
    const { host, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) => {
        const message = `Cannot listen on ${host}:${port}; choose another --port, or 0 for a free one.`;
        reject(new SimulatorError('listen_failed', message, cause));
      });
      server.listen(port, host, resolve);
    });
    this.#server = server;
    this.#sockets = sockets;
    this.#pacer.start();
  }

  /** The port it listens on. */
  get port(): number {
    const address = this.#server?.address() as AddressInfo | null | undefined;
    if (!address) throw new SimulatorError('not_started', 'The simulator has no port yet; await start() first.');
    return address.port;
  }

  /**
   * The WebSocket address of an exchange.
   * @throws SimulatorError `unknown_exchange`, `not_started`
   */
  url(exchange: string): string {
    const { name } = playedExchange(exchange);
    return `ws://${this.#options.host}:${this.port}/${name}`;
  }

  /** Live data frames sent of one stream, so that indices 0 to `sent - 1` are out. Replayed firsts are not counted. */
  sent(exchange: string, kind: RequestType, code: string): number {
    return this.#streams.get(`${exchange}/${kind}/${code}`)?.next ?? 0;
  }

  /** Live data frames sent of all streams. */
  get totalSent(): number {
    return this.#total;
  }

  /** Resolves when `total` live data frames were sent. */
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

  /** Ends every connection and stops listening. Safe to call twice. */
  async close(): Promise<void> {
    this.#pacer.stop();
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    for (const client of this.#sockets?.clients ?? []) client.terminate();
    this.#sockets?.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #marketOf(exchange: string, code: string): SimulatedMarket {
    return new SimulatedMarket(playedExchange(exchange).name, code, this.#options.seed);
  }

  #streamOf(exchange: PlayedExchange, kind: RequestType, code: string): Stream {
    const key = `${exchange.name}/${kind}/${code}`;
    let stream = this.#streams.get(key);
    if (stream === undefined) {
      stream = new Stream(exchange, kind, this.#marketOf(exchange.name, code));
      this.#streams.set(key, stream);
      this.#order = [...this.#streams.values()];
    }
    return stream;
  }

  #timeOf(index: number): number {
    return this.#startTimeMs === undefined ? Date.now() : this.#startTimeMs + index;
  }

  /** Sends one frame of the next stream in turn that has a listener and something left. */
  #advance(): boolean {
    for (let tried = 0; tried < this.#order.length; tried += 1) {
      const stream = this.#order[this.#turn % this.#order.length]!;
      this.#turn += 1;
      if (!this.#mayAdvance(stream)) continue;
      stream.advance(this.#timeOf(stream.next));
      this.#total += 1;
      this.#announce();
      return true;
    }
    return false;
  }

  #mayAdvance(stream: Stream): boolean {
    if (stream.sockets.size === 0 || stream.next >= this.#options.messages) return false;
    for (const socket of stream.sockets) if (socket.bufferedBytes > maxBufferedBytes) return false;
    return true;
  }

  #announce(): void {
    for (const waiting of this.#waiting) {
      if (this.#total < waiting.total) continue;
      this.#waiting.delete(waiting);
      waiting.resolve();
    }
  }
}

/** Makes a simulator; `start()` makes it listen. */
export const createExchangeSimulator = (options: ExchangeSimulatorOptions = {}): ExchangeSimulator =>
  new ExchangeSimulator(options);

function playedExchange(name: string): PlayedExchange {
  const exchange = playedExchanges.get(name);
  if (exchange === undefined) {
    const known = [...playedExchanges.keys()].join(', ');
    throw new SimulatorError('unknown_exchange', `The simulator does not play "${name}"; it plays ${known}.`);
  }
  return exchange;
}

function requireOption(name: string, value: unknown, valid: boolean, expected: string): void {
  if (!valid) throw new SimulatorError('invalid_option', `${name} is ${value}; give ${expected}.`);
}
