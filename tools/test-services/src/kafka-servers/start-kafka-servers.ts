import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type BrokerPlan,
  formatBrokers,
  kafkaAnswers,
  kafkaClassPath,
  log4jProperties,
  planBrokers,
  renderServerProperties,
} from '@naru/infra';
import { describeUnlessMissing } from '../describe-unless-missing.js';
import { hasOpenssl } from './certificate-authority.js';
import { restartPorts } from './restart-ports.js';

/** A listener beside the plain one, on a free port of the loopback. */
export interface KafkaListener {
  /** Upper case, like CLIENT. */
  readonly name: string;
  readonly protocol: 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL';
  /** The port that clients are told, given the one it listens on. Default that one. */
  readonly advertise?: (port: number, broker: number) => Promise<number>;
}

export interface KafkaServersOptions {
  /** Default 1. With three, topics have three replicas of which two must be in sync. */
  readonly brokers?: 1 | 3;
  readonly listeners?: readonly KafkaListener[];
  /** Further `server.properties`. */
  readonly properties?: Readonly<Record<string, string>>;
  /** SCRAM users, as the storage tool takes them: `SCRAM-SHA-256=[name=…,password=…]`. */
  readonly scramUsers?: readonly string[];
}

/** One broker process. */
export interface KafkaServer {
  /** Plain text. */
  readonly address: string;
  /** Advertised addresses of the other listeners, by name. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Ends it as a power cut would (SIGKILL) and waits until it has ended. */
  kill(): Promise<void>;
  /** Starts it again with its data, on its ports; resolves when it answers. */
  restart(): Promise<void>;
}

/** A real cluster of a test's own, which it may set up, kill and restart. */
export interface KafkaServers extends AsyncDisposable {
  readonly servers: readonly KafkaServer[];
  /** Ends it; its data goes with it. */
  stop(): Promise<void>;
}

/** A suite that starts Kafka processes of its own. Skipped, or failing with `NARU_REQUIRE_REAL=1`, without what they need. */
export function describeKafkaServer(title: string, body: () => void): void {
  const missing = [
    ...(kafkaClassPath() ? [] : ["Kafka's jars"]),
    ...(spawnSync(java(), ['-version']).status === 0 ? [] : ['java']),
    ...(hasOpenssl() ? [] : ['openssl']),
  ];
  const howToGet = 'run "pnpm infra up --mode local" once, which fetches the jars, and install a JRE and openssl';
  describeUnlessMissing(title, missing.length === 0 ? undefined : { what: missing.join(', '), howToGet }, body);
}

const java = (): string => (process.env.JAVA_HOME ? `${process.env.JAVA_HOME}/bin/java` : 'java');

export async function startKafkaServers(options: KafkaServersOptions = {}): Promise<KafkaServers> {
  const { brokers = 1, listeners = [], properties = {}, scramUsers = [] } = options;
  const classPath = kafkaClassPath();
  if (!classPath) throw new Error('Kafka\'s jars are not there. Run "pnpm infra up --mode local" once to fetch them.');
  const folder = await mkdtemp(join(tmpdir(), 'naru-kafka-'));
  const running: BrokerProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((one) => one.kill()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const each = 2 + listeners.length;
    const ports = await restartPorts(brokers * each);
    const portsOf = (broker: number): number[] => ports.slice(broker * each, (broker + 1) * each);
    const plans = planBrokers(
      folder,
      Array.from({ length: brokers }, (_, broker) => portsOf(broker).slice(0, 2)).flat(),
    );
    const propertiesOf = ({ nodeId }: BrokerPlan): string => join(folder, `broker-${nodeId}.properties`);
    const log4j = join(folder, 'log4j2.properties');
    await writeFile(log4j, log4jProperties);
    for (const [broker, plan] of plans.entries()) {
      const own = await Promise.all(
        listeners.map(async ({ advertise, ...listener }, index) => {
          const port = portsOf(broker)[2 + index]!;
          return { ...listener, port, advertised: (await advertise?.(port, broker)) ?? port };
        }),
      );
      const settings = { ...listenerSettings(plan, own), ...properties };
      await writeFile(propertiesOf(plan), renderServerProperties(plan, plans, settings), { mode: 0o600 });
      const args = ['-Xmx512m', '-Xms128m', '-XX:TieredStopAtLevel=1', `-Dlog4j2.configurationFile=${log4j}`].concat([
        '-cp',
        classPath,
        'kafka.Kafka',
        propertiesOf(plan),
      ]);
      const addresses = Object.fromEntries(own.map(({ name, advertised }) => [name, `127.0.0.1:${advertised}`]));
      running.push(new BrokerProcess(`127.0.0.1:${plan.port}`, addresses, args, join(folder, `${plan.nodeId}.log`)));
    }
    const signal = AbortSignal.timeout(60_000);
    await formatBrokers({
      java: java(),
      classPath,
      dataDirectory: folder,
      brokers: plans,
      propertiesOf,
      scramUsers,
      signal,
    });
    for (const one of running) one.launch();
    await Promise.all(running.map((one) => one.answers(brokers)));
  } catch (error) {
    await stop();
    throw error;
  }
  return { servers: running, stop, [Symbol.asyncDispose]: stop };
}

interface PlannedListener extends Omit<KafkaListener, 'advertise'> {
  readonly port: number;
  readonly advertised: number;
}

/** Brokers and controllers keep talking plain text among themselves. */
function listenerSettings(plan: BrokerPlan, listeners: readonly PlannedListener[]): Record<string, string> {
  const join = (first: string, rest: (listener: PlannedListener) => string): string =>
    [first, ...listeners.map(rest)].join(',');
  const plain = `PLAINTEXT://127.0.0.1:${plan.port}`;
  return {
    listeners: join(
      `${plain},CONTROLLER://127.0.0.1:${plan.controllerPort}`,
      ({ name, port }) => `${name}://127.0.0.1:${port}`,
    ),
    'advertised.listeners': join(plain, ({ name, advertised }) => `${name}://127.0.0.1:${advertised}`),
    'listener.security.protocol.map': join(
      'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
      ({ name, protocol }) => `${name}:${protocol}`,
    ),
  };
}

const START_WITHIN_MS = 120_000;

class BrokerProcess implements KafkaServer {
  readonly address: string;
  readonly addresses: Readonly<Record<string, string>>;
  readonly #args: readonly string[];
  readonly #log: string;
  #child: ChildProcess | undefined;

  constructor(address: string, addresses: Readonly<Record<string, string>>, args: readonly string[], log: string) {
    this.address = address;
    this.addresses = addresses;
    this.#args = args;
    this.#log = log;
  }

  launch(): void {
    const log = openSync(this.#log, 'a');
    this.#child = spawn(java(), this.#args, { stdio: ['ignore', log, log] });
    closeSync(log);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async restart(): Promise<void> {
    this.launch();
    await this.answers(1);
  }

  /** Another process has no event to wait for: it is asked ten times a second. */
  async answers(brokers: number): Promise<void> {
    const until = performance.now() + START_WITHIN_MS;
    while (!(await kafkaAnswers(this.address, brokers))) {
      if (this.#child!.exitCode !== null || performance.now() > until) {
        const tail = (await readFile(this.#log, 'utf8')).trim().split('\n').slice(-15).join('\n');
        throw new Error(`Kafka at ${this.address} did not start. The end of its log:\n${tail}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
