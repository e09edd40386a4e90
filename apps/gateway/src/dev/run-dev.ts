import { setTimeout as wait } from 'node:timers/promises';
import { type Logger, realtimeTopic, requestTypes } from '@naru/core';
import { createCommandSender } from '../command/commands/send-command.js';
import type { StreamDisplay } from '../command/printing/stream-display.js';
import { buildConnect, buildDisconnect } from '../commands/build-command.js';
import { createGateway, type Gateway } from '../composition/create-gateway.js';
import type { GatewayConfig } from '../config/gateway-config.js';
import { GatewayError } from '../gateway-error.js';
import type { StreamReport } from '../orchestration/target-books.js';
import { type SimulatorProcess, startSimulator } from '../processes/simulator-process.js';
import { type Outcome, summarise } from './outcome.js';
import type { WantedStream } from './wanted-streams.js';

export interface DevOptions {
  readonly config: GatewayConfig;
  readonly streams: readonly WantedStream[];
  /** The simulated exchanges, or the real ones. */
  readonly exchanges: { readonly rate: number; readonly seed: number } | 'real';
  /** Seconds to run; undefined runs until it is interrupted. */
  readonly seconds: number | undefined;
  readonly display: StreamDisplay;
  /** How somebody at this machine calls `naru`. */
  readonly naru: string;
  /** Unix milliseconds at which the process began. */
  readonly startedAt: number;
  readonly interrupted: AbortSignal;
}

/** How long records may stay on their way after the streams were ended. */
const drainWithinMs = 20_000;

/** Runs simulator and gateway until the time is over or it is interrupted, then stops cleanly and adds up. */
export async function runDev(options: DevOptions): Promise<Outcome> {
  const { display, startedAt, interrupted } = options;
  await using simulator = options.exchanges === 'real' ? undefined : await startSimulator(options.exchanges.seed);
  if (simulator && options.exchanges !== 'real') await simulator.setRate(options.exchanges.rate);
  const config = configFor(options.config, simulator);
  await using gateway = await createGateway({
    config,
    overrides: { logger: displayLogger(display, interrupted) },
    signal: interrupted,
  });
  explain(options, gateway, config, simulator);

  const { open, seconds } = await stream(gateway, config, options, simulator, interrupted);
  const answer = await drained(gateway);
  const outcome = summarise(
    config.kafka.brokers === 'embedded' ? 'embedded' : 'real',
    { startedAt, seconds },
    { totals: gateway.totals(), streams: answer },
    open,
  );
  if (!(await gateway.close())) {
    throw new GatewayError('shutting_down', 'Stopped before Kafka took everything; the log says what was lost.');
  }
  return outcome;
}

/** The simulator is on loopback, which a gateway refuses unless told otherwise. */
function configFor(config: GatewayConfig, simulator: SimulatorProcess | undefined): GatewayConfig {
  if (!simulator) return config;
  const { connections } = config;
  return {
    ...config,
    connections: {
      ...connections,
      allowedHosts: [...connections.allowedHosts, simulator.host],
      allowedPrivateAddresses: [...connections.allowedPrivateAddresses, '127.0.0.1'],
    },
  };
}

/** Opens the streams through Kafka, as anybody would, watches them, and ends them again. */
async function stream(
  gateway: Gateway,
  config: GatewayConfig,
  { streams, seconds, display }: DevOptions,
  simulator: SimulatorProcess | undefined,
  interrupted: AbortSignal,
): Promise<{ readonly open: readonly StreamReport[]; readonly seconds: number }> {
  await using sender = await createCommandSender({ ...config, kafka: { ...config.kafka, brokers: gateway.kafka } });
  for (const { target, symbols, address } of streams) {
    const url = simulator?.url(target.exchange) ?? address;
    await sender.send(config.topics.command, buildConnect({ target, symbols, url, ttlMs: 60_000 }));
  }
  const openedAt = performance.now();
  const until = seconds === undefined ? Number.POSITIVE_INFINITY : openedAt + seconds * 1_000;
  for (let left = until - performance.now(); left > 0 && !interrupted.aborted; left = until - performance.now()) {
    await wait(Math.min(1_000, left), undefined, { signal: interrupted }).catch(() => {});
    display.show(gateway.report(), (performance.now() - openedAt) / 1_000);
  }
  const ran = (performance.now() - openedAt) / 1_000;
  const open = gateway.report();
  // Also those that somebody else opened meanwhile.
  for (const { target } of open.filter((line) => line.stream !== null)) {
    await sender.send(config.topics.disconnection, buildDisconnect(target, 'the run is over'));
  }
  return { open, seconds: ran };
}

/** Waits until every stream is ended and all that it received is accounted for. */
async function drained(gateway: Gateway): Promise<readonly StreamReport[]> {
  const until = performance.now() + drainWithinMs;
  for (;;) {
    const report = gateway.report();
    const done = report.every((line) => line.stream === null && line.accounts.buffered === 0);
    if (done || performance.now() > until) return report;
    await wait(50);
  }
}

function explain(
  { display, naru, streams: [first] }: DevOptions,
  gateway: Gateway,
  { topics }: GatewayConfig,
  simulator: SimulatorProcess | undefined,
): void {
  const [broker] = gateway.kafka;
  const { registry, operations, embedded } = gateway;
  display.say(
    embedded.length > 0
      ? 'For real servers set KAFKA_BROKERS, SCHEMA_REGISTRY_URL and REDIS_URL.'
      : 'Real Kafka, Redis and schema registry.',
  );
  display.say(`  Kafka ${gateway.kafka.join(',')}   registry ${registry}   gateway ${operations}`);
  display.say(`In a browser: ${operations}/`);
  if (!first || !broker) return;
  const topic = realtimeTopic(first.target.request_type, first.target.region, topics);
  display.say('From another terminal:');
  display.say(`  ${naru} tap ${topic} --brokers ${broker} --registry ${registry}`);
  display.say(`  ${naru} streams --operations ${operations}`);
  const { exchange, request_type } = first.target;
  const other = requestTypes.find((kind) => kind !== request_type)!;
  const address = simulator ? ` --url ${simulator.url(exchange)}` : '';
  display.say(`  ${naru} connect ${exchange} ${other} ${first.symbols[0]} --brokers ${broker}${address}`);
  display.say(`  kcat -b ${broker} -t ${topic} -C -f '%T %k %S bytes\\n'`);
}

/** Warnings and errors between the living lines. */
function displayLogger(display: StreamDisplay, interrupted: AbortSignal): Logger {
  const say = (message: string, fields?: object): void =>
    display.say(`gateway: ${message}${fields && Object.keys(fields).length > 0 ? ` ${JSON.stringify(fields)}` : ''}`);
  return {
    debug: () => {},
    info: () => {},
    warn(message, fields) {
      // A terminal interrupts the simulator as well: that its sockets close then is no news.
      if (!interrupted.aborted) say(message, fields);
    },
    error: say,
  };
}
