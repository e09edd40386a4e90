import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { createTopicNames, type TopicNames, topicNames } from '@naru/core';
import { createExchangeSimulator, type ExchangeSimulator } from '@naru/exchange-simulator';
import { realServices } from '@naru/test-services';
import { CompressionTypes, Kafka, logLevel, type Producer } from 'kafkajs';
import { GatewayProcess } from './gateway-process.js';
import { TopicWatch, type WatchedMessage } from './topic-watch.js';

/** A public address that this machine plays: nothing there is private as far as the gateway knows. */
const publicAddress = '93.184.216.34';
const feed = 'feed.example.com';

/** The longest block of the event loop that each case may cause is promised in milliseconds; a figure, not a test. */
export interface Figure {
  readonly name: string;
  readonly longestBlockMs: number;
}

export interface Message {
  readonly topic: string;
  readonly value: Buffer | null;
  readonly key?: Buffer | string | null | undefined;
  readonly headers?: Readonly<Record<string, Buffer | string>> | undefined;
  readonly compressed?: boolean | undefined;
}

/** A gateway as it is shipped under fire: its servers, an exchange, a canary that nobody may dial, and what it says. */
export class HostileRun {
  readonly figures: Figure[] = [];
  readonly topics: TopicNames;
  readonly gateway: GatewayProcess;
  readonly watch: TopicWatch;
  readonly simulator: ExchangeSimulator;
  readonly canary: Canary;
  readonly #producer: Producer;
  readonly #feedPort: number;
  #good = 0;

  private constructor(parts: {
    topics: TopicNames;
    gateway: GatewayProcess;
    watch: TopicWatch;
    simulator: ExchangeSimulator;
    canary: Canary;
    producer: Producer;
  }) {
    this.topics = parts.topics;
    this.gateway = parts.gateway;
    this.watch = parts.watch;
    this.simulator = parts.simulator;
    this.#feedPort = parts.simulator.port;
    this.canary = parts.canary;
    this.#producer = parts.producer;
  }

  /** @param ports of this machine that the gateway may reach under the name of its feed, besides the simulator's */
  static async start(
    kind: 'embedded' | 'real',
    ports: readonly number[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<HostileRun> {
    const prefix = `hostile-${randomUUID().slice(0, 8)}.`;
    const topics = createTopicNames(
      Object.fromEntries(Object.entries(topicNames).map(([topic, name]) => [topic, `${prefix}${name}`])),
    );
    const simulator = createExchangeSimulator({ rate: 100, seed: 3 });
    await simulator.start();
    const canary = await Canary.start();
    const gateway = await GatewayProcess.start({
      env: {
        NARU_TOPIC_PREFIX: prefix,
        NARU_GROUP_ID: prefix,
        NARU_TOPIC_PARTITIONS: '1',
        NARU_PROOF_TIMEOUT_MS: '2000',
        NARU_ALLOWED_HOSTS: [
          ...[simulator.port, ...ports].map((port) => `${feed}:${port}`),
          `rebind.example.com:${canary.port}`,
          'mixed.example.com',
        ].join(','),
        ...(kind === 'real' && {
          KAFKA_BROKERS: realServices.kafka ?? '',
          REDIS_URL: realServices.redis ?? '',
          SCHEMA_REGISTRY_URL: realServices.registry ?? '',
        }),
        ...env,
      },
      names: {
        [feed]: [publicAddress],
        'rebind.example.com': ['127.0.0.1', '::1', '169.254.169.254'],
      },
      playedHere: publicAddress,
    });
    const kafka = new Kafka({ brokers: [...gateway.kafka], clientId: 'hostile', logLevel: logLevel.NOTHING });
    const producer = kafka.producer();
    await producer.connect();
    const watch = new TopicWatch(gateway.kafka);
    await watch.start([topics.dlq, topics.connectSuccess, topics.error]);
    return new HostileRun({ topics, gateway, watch, simulator, canary, producer });
  }

  /** Where the gateway finds an exchange of the simulator, as a public name. */
  url(exchange: string): string {
    return `ws://${feed}:${this.#feedPort}/${exchange}`;
  }

  /** The same for another server of the test. */
  urlAt(port: number, path: string): string {
    return `ws://${feed}:${port}/${path}`;
  }

  /** Sends one message and answers its offset. */
  async send({ topic, value, key = null, headers = {}, compressed = false }: Message): Promise<string> {
    const [written] = await this.#producer.send({
      topic,
      messages: [{ partition: 0, key, value, headers: { ...headers } }],
      ...(compressed && { compression: CompressionTypes.GZIP }),
    });
    return written?.baseOffset ?? '-1';
  }

  letterOf(topic: string, offset: string): Promise<WatchedMessage> {
    return this.watch.next((message) => message.topic === this.topics.dlq && comesFrom(message, topic, offset));
  }

  hasLetterOf(topic: string, offset: string): boolean {
    return this.watch.messages.some(
      (message) => message.topic === this.topics.dlq && comesFrom(message, topic, offset),
    );
  }

  /** Asks for a market that nobody asked for yet and waits until the exchange has confirmed it. */
  async carryOutGoodCommand(): Promise<void> {
    this.#good += 1;
    const symbol = `USDT-GOOD${this.#good}`;
    const target = { exchange: 'bybit', region: 'asia', request_type: 'trade' };
    const connection = { url: this.url('bybit'), socket_params: {} };
    const command = { type: 'status', action: 'connect_and_subscribe', target, symbols: [symbol], connection };
    await this.send({ topic: this.topics.command, value: Buffer.from(JSON.stringify(command)) });
    const key = `bybit|asia|trade|${symbol}`;
    await this.watch.next((message) => message.topic === this.topics.connectSuccess && message.key?.toString() === key);
    // What this took is no case's.
    await this.gateway.longestBlockMs();
  }

  /** Notes how long the gateway's event loop was blocked at most since the case before. */
  async measured<T>(name: string, action: () => Promise<T>): Promise<T> {
    const result = await action();
    this.figures.push({ name, longestBlockMs: await this.gateway.longestBlockMs() });
    return result;
  }

  /** Every address that the gateway connected to or tried to, but for its own servers and the feed. */
  strangeDials(feedPorts: readonly number[] = []): unknown[] {
    const own = new Set([
      ...this.gateway.kafka.map((address) => address.slice(address.lastIndexOf(':') + 1)),
      new URL(this.gateway.registry).port,
      ...(realServices.redis ? [new URL(realServices.redis).port] : []),
    ]);
    const feeds = new Set([this.#feedPort, ...feedPorts]);
    return this.gateway.network.filter(
      (event) =>
        event.kind !== 'lookup' &&
        !own.has(String(event.port)) &&
        !(feeds.has(event.port) && (event.kind === 'connected' || event.host === feed)) &&
        // An operator's own name may be tried; that it led nowhere shows in what was connected.
        !(event.kind === 'dial' && event.host === 'rebind.example.com'),
    );
  }

  async close(): Promise<number | null> {
    // Before the broker, which may be inside the gateway: kafkajs takes its time when it is gone.
    await Promise.all([this.watch.close(), this.#producer.disconnect()]);
    const code = this.gateway.isRunning ? await this.gateway.stop() : null;
    await Promise.all([this.simulator.close(), this.canary.close()]);
    return code;
  }
}

/** Listens on loopback where nobody may come. */
export class Canary {
  visits = 0;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.visits += 1;
      socket.destroy();
    });
  }

  static async start(): Promise<Canary> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Canary(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

function comesFrom({ headers }: WatchedMessage, topic: string, offset: string): boolean {
  return headers['__connect.errors.topic'] === topic && headers['__connect.errors.offset'] === offset;
}
