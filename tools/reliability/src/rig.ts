import { join } from 'node:path';
import { createTopicNames, type ExchangeName, realtimeTopic, regionOf, topicNames } from '@naru/core';
import { createKafkaProducer, createKafkaTransport, type KafkaProducer } from '@naru/kafka-clients';
import { accountFor, type Outcome } from './accounts/account-for.js';
import { readMarkets } from './accounts/read-markets.js';
import { freePort } from './free-port.js';
import { Gateway } from './processes/gateway.js';
import { Simulator } from './processes/simulator.js';
import { onSmallDisk } from './processes/small-disk.js';
import type { Servers } from './servers/servers.js';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.js';
import { until } from './wait.js';

export interface RigOptions {
  readonly exchanges: readonly ExchangeName[];
  /** Of each exchange; their trades are sent. */
  readonly markets: number;
  readonly gateways: number;
  /** Set for the gateways beside what the rig sets. */
  readonly env?: Readonly<Record<string, string>>;
  /** Each gateway has a spool. Default: none has one. */
  readonly spool?: SpoolPlan;
  /** Of the simulator, as `garbage:0.01`. */
  readonly faults?: readonly string[];
}

export interface SpoolPlan {
  /** Size of a file system of each gateway's own on which it lies. Default: it lies where temporary files do. */
  readonly diskBytes?: number;
}

interface Progress {
  readonly received: number;
  readonly acknowledged: number;
  /** Acknowledged, or accounted as conflated or dropped. */
  readonly done: number;
}

const seed = 11;

/** Gateways between a simulated exchange and real servers, and the accounts of all three. */
export class Rig implements AsyncDisposable {
  readonly servers: Servers;
  readonly simulator: Simulator;
  readonly gateways: Gateway[] = [];
  /** Those that ended: what they dropped counts. */
  readonly #ended: Gateway[] = [];
  readonly #options: RigOptions;
  readonly #prefix: string;
  readonly #spools: TemporaryFolder | undefined;
  #producer: KafkaProducer | undefined;
  #started = 0;

  private constructor(
    servers: Servers,
    simulator: Simulator,
    name: string,
    options: RigOptions,
    spools: TemporaryFolder | undefined,
  ) {
    this.servers = servers;
    this.simulator = simulator;
    this.#options = options;
    this.#prefix = `${name}.`;
    this.#spools = spools;
  }

  /**
   * Starts simulator and gateways, opens every stream and resolves when each market is confirmed. Nothing flows yet.
   *
   * @param name of topics, groups and keys
   */
  static async start(servers: Servers, name: string, options: RigOptions): Promise<Rig> {
    const spools = options.spool && (await temporaryFolder('naru-spool-'));
    const rig = new Rig(servers, await Simulator.start(seed, options.faults), name, options, spools);
    try {
      await Promise.all(Array.from({ length: options.gateways }, () => rig.addGateway()));
      await rig.#openStreams();
      return rig;
    } catch (error) {
      await rig[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Starts one more and resolves when it takes commands. */
  async addGateway(): Promise<Gateway> {
    const gateway = await this.launchGateway();
    await gateway.ready();
    return gateway;
  }

  /** Starts one more and resolves when it answers: it may take streams over before it takes commands. */
  async addMember(): Promise<Gateway> {
    const gateway = await this.launchGateway();
    await until('the start of a gateway', 60, () => gateway.isAlive());
    return gateway;
  }

  /** Starts one more without waiting for it. */
  async launchGateway(): Promise<Gateway> {
    this.#started += 1;
    // Others may be launched before the port is found.
    const number = this.#started;
    const diskBytes = this.#options.spool?.diskBytes;
    const gateway = new Gateway({
      name: `gateway ${number}`,
      port: await freePort(),
      env: {
        ...this.servers.env,
        NARU_TOPIC_PREFIX: this.#prefix,
        NARU_GROUP_ID: this.#prefix,
        NARU_ALLOWED_HOSTS: this.simulator.host,
        NARU_ALLOW_PRIVATE_ADDRESSES: 'true',
        NARU_LOG_LEVEL: 'warn',
        ...this.#options.env,
        ...(this.#spools && { NARU_SPOOL_DIRECTORY: join(this.#spools.path, String(number)) }),
      },
      behind: this.#spools && diskBytes !== undefined ? await onSmallDisk(this.#spools.path, diskBytes) : [],
    });
    this.gateways.push(gateway);
    return gateway;
  }

  /** Takes one that was ended out of the fleet. */
  forget(gateway: Gateway): void {
    this.gateways.splice(this.gateways.indexOf(gateway), 1);
    this.#ended.push(gateway);
  }

  /** How many streams each gateway holds. */
  held(): Promise<readonly { readonly gateway: Gateway; readonly streams: number }[]> {
    return Promise.all(
      this.gateways.map(async (gateway) => ({
        gateway,
        streams: ((await gateway.streams())?.streams ?? []).filter(({ stream }) => stream !== null).length,
      })),
    );
  }

  /** The gateway that holds most streams. */
  async busiest(): Promise<Gateway> {
    const held = await this.held();
    return [...held].sort((a, b) => b.streams - a.streams)[0]!.gateway;
  }

  /** Records received and done with so far, by exchange, as the gateways that run say. */
  async progress(): Promise<ReadonlyMap<string, Progress>> {
    const sums = new Map<string, Progress>(
      this.#options.exchanges.map((exchange) => [exchange, { received: 0, acknowledged: 0, done: 0 }]),
    );
    for (const gateway of this.gateways) {
      for (const { target, accounts } of (await gateway.streams())?.streams ?? []) {
        const sum = sums.get(target.exchange) ?? { received: 0, acknowledged: 0, done: 0 };
        sums.set(target.exchange, {
          received: sum.received + accounts.received,
          acknowledged: sum.acknowledged + accounts.acknowledged,
          done: sum.done + accounts.acknowledged + accounts.conflated + accounts.dropped,
        });
      }
    }
    return sums;
  }

  /**
   * Milliseconds until every stream is past where it is now: all that was received is acknowledged or accounted as
   * lost, and something newer is acknowledged.
   */
  async flowsAgain(withinSeconds: number): Promise<number> {
    const base = await this.progress();
    return until('the flow of every stream', withinSeconds, async () => {
      const now = await this.progress();
      return [...now].every(([exchange, { acknowledged, done }]) => {
        const before = base.get(exchange);
        return before !== undefined && done > before.received && acknowledged > before.acknowledged;
      });
    });
  }

  /** Waits until gateways have dropped more than they had, for want of room. */
  async drops(withinSeconds: number): Promise<void> {
    const before = await this.#dropped();
    await until('a full gateway', withinSeconds, async () => (await this.#dropped()) > before);
  }

  /** Stops the exchanges and waits until the gateways have nothing left to deliver, or no longer try. */
  async settle(withinSeconds = 120): Promise<void> {
    await this.simulator.setRate(0);
    let before = '';
    await until('the end of what the gateways buffer', withinSeconds, async () => {
      const answers = await Promise.all(this.gateways.map((gateway) => gateway.streams()));
      const totals = answers.map((answer) => answer?.totals);
      const now = JSON.stringify(totals);
      const still = now === before && totals.every((accounts) => (accounts?.buffered ?? 0) === 0);
      before = now;
      return still;
    });
  }

  /** What became of everything, from Kafka and from the gateways' own accounts. The gateways are asked first. */
  async outcome(): Promise<Outcome> {
    const dropped = await this.#dropped();
    const names = this.#topicNames();
    const regions = new Set(this.#options.exchanges.map(regionOf));
    const readings = await readMarkets(
      this.servers.kafka,
      this.servers.env.SCHEMA_REGISTRY_URL,
      [...regions].map((region) => realtimeTopic('trade', region, names)),
      (exchange, code, index) => this.simulator.trade(exchange, code, index),
    );
    const sequences = (await this.simulator.sequences()).filter(({ kind }) => kind === 'trade');
    return accountFor(sequences, readings, dropped);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // All at once: each hands over to one that goes as well.
    await Promise.all(this.gateways.map((gateway) => gateway.kill()));
    await this.#producer?.close(5_000);
    await this.simulator.stop();
    await this.#spools?.[Symbol.asyncDispose]();
  }

  async #dropped(): Promise<number> {
    const answers = await Promise.all([...this.gateways, ...this.#ended].map((gateway) => gateway.streams()));
    return answers.reduce((sum, answer) => sum + (answer?.totals.dropped ?? 0), 0);
  }

  async #openStreams(): Promise<void> {
    const { exchanges, markets } = this.#options;
    this.#producer = createKafkaProducer({
      transport: createKafkaTransport({ brokers: this.servers.kafka, clientId: 'naru-reliability' }),
      lingerMs: 0,
    });
    await this.#producer.connect();
    for (const exchange of exchanges) {
      const region = regionOf(exchange);
      const quote = region === 'korea' ? 'KRW' : 'USDT';
      await this.#producer.sendAndWait({
        topic: this.#topicNames().command,
        key: exchange,
        value: JSON.stringify({
          type: 'status',
          action: 'connect_and_subscribe',
          target: { exchange, region, request_type: 'trade' },
          symbols: Array.from({ length: markets }, (_, index) => `${quote}-M${index}`),
          connection: { url: this.simulator.url(exchange), socket_params: {} },
        }),
      });
    }
    await until('the opening of every stream', 60, async () => {
      const sequences = await this.simulator.sequences();
      return sequences.filter(({ kind }) => kind === 'trade').length >= exchanges.length * markets;
    });
  }

  #topicNames() {
    return createTopicNames(
      Object.fromEntries(Object.entries(topicNames).map(([topic, name]) => [topic, `${this.#prefix}${name}`])),
    );
  }
}
