import { setTimeout as wait } from 'node:timers/promises';
import { type Child, startChild } from './child.js';
import { type CommandSender, createCommandSender } from './command-sender.js';
import type { Display } from './display.js';
import { readStreams, type StreamLine, type StreamsAnswer } from './gateway-reader.js';
import type { Infrastructure } from './infrastructure.js';
import type { FirstRunOptions } from './options.js';
import { type Outcome, summarise } from './outcome.js';
import { programs } from './repository.js';
import { type Place, placeOf, shownStreams } from './streams.js';

/** What the gateway prints when it is ready. */
interface GatewayReady {
  readonly operations: string;
  readonly kafka: readonly string[];
  readonly registry: string;
}

/** How long records may stay on their way after the streams were ended. */
const drainWithinMs = 20_000;

/** Runs everything until the time is over or `interrupted` is aborted, then stops it cleanly. */
export async function run(
  options: FirstRunOptions,
  infrastructure: Infrastructure,
  display: Display,
  startedAt: number,
  interrupted: AbortSignal,
): Promise<Outcome> {
  const streams = options.live.length > 0 ? options.live : shownStreams;
  const places = streams.map(placeOf);
  const children: Child[] = [];
  let sender: CommandSender | undefined;
  try {
    const simulator = options.live.length > 0 ? undefined : await startSimulator(options, display);
    if (simulator) children.push(simulator.child);
    const gateway = await startGateway(infrastructure, simulator?.host, display);
    children.push(gateway.child);
    const ended = gateway.child.exited.then((code) => {
      throw new Error(`The gateway ended by itself with ${code}.`);
    });
    ended.catch(() => {});

    const { ready } = gateway;
    explain(display, ready, infrastructure, places[0]);
    sender = await createCommandSender(ready.kafka);
    for (const { stream, region, address } of places) {
      await sender.connect(stream, region, simulator ? `ws://${simulator.host}/${stream.exchange}` : address);
    }

    const openedAt = performance.now();
    await Promise.race([watch(ready.operations, options.for, openedAt, display, interrupted), ended]);
    const { streams: open } = await readStreams(ready.operations);
    const seconds = (performance.now() - openedAt) / 1_000;

    for (const { stream, region } of places) await sender.disconnect(stream, region);
    const answer = await drained(ready.operations, streams.length);
    await sender.close();
    sender = undefined;
    const code = await gateway.child.stop();
    if (code !== 0) throw new Error(`The gateway did not stop cleanly: it ended with ${code}.`);
    return summarise(infrastructure.mode, { startedAt, seconds }, answer, open);
  } finally {
    await sender?.close().catch(() => {});
    await Promise.all(children.map((child) => child.stop()));
  }
}

async function startSimulator(options: FirstRunOptions, display: Display): Promise<{ child: Child; host: string }> {
  const child = await startChild({
    name: 'simulator',
    args: [programs.simulator, '--port', '0', '--rate', String(options.rate), '--seed', String(options.seed)],
    onStderr: (line) => display.say(`simulator: ${line}`),
  });
  const address = child.readyLine.match(/wss?:\/\/([^/\s"]+)/);
  if (!address?.[1]) throw new Error(`The simulator said "${child.readyLine}" where its address was expected.`);
  return { child, host: address[1] };
}

async function startGateway(
  { addresses }: Infrastructure,
  simulatorHost: string | undefined,
  display: Display,
): Promise<{ child: Child; ready: GatewayReady }> {
  const child = await startChild({
    name: 'gateway',
    args: [programs.gateway, 'run'],
    env: {
      NARU_OPERATIONS_PORT: '0',
      NARU_LOG_LEVEL: 'warn',
      ...addresses,
      // The simulator is on loopback, which a gateway refuses unless told otherwise.
      ...(simulatorHost && { NARU_ALLOWED_HOSTS: simulatorHost, NARU_ALLOW_PRIVATE_ADDRESSES: 'true' }),
    },
    onStderr: (line) => display.say(`gateway: ${line}`),
  });
  return { child, ready: JSON.parse(child.readyLine) as GatewayReady };
}

function explain(display: Display, ready: GatewayReady, { mode }: Infrastructure, first: Place | undefined): void {
  const [broker] = ready.kafka;
  display.say(
    mode === 'embedded'
      ? 'Kafka and the schema registry are embedded: for development, nothing is kept. "npm start -- --real" uses real ones.'
      : 'Real Kafka, Redis and schema registry.',
  );
  display.say(`  Kafka ${ready.kafka.join(',')}   registry ${ready.registry}   gateway ${ready.operations}`);
  if (first && broker) {
    const topic = `realtime.${first.stream.requestType}.${first.region}`;
    display.say(`  Watch it from another terminal: kcat -b ${broker} -t ${topic} -C -f '%T %k %S bytes\\n'`);
  }
}

/** Shows the streams once a second. */
async function watch(
  operations: string,
  seconds: number | undefined,
  openedAt: number,
  display: Display,
  interrupted: AbortSignal,
): Promise<void> {
  const until = seconds === undefined ? Number.POSITIVE_INFINITY : openedAt + seconds * 1_000;
  while (!interrupted.aborted) {
    const left = until - performance.now();
    if (left <= 0) return;
    await wait(Math.min(1_000, left), undefined, { signal: interrupted }).catch(() => {});
    const { streams } = await readStreams(operations);
    display.show(streams, (performance.now() - openedAt) / 1_000);
  }
}

/** Waits until every stream is ended and all that it received is accounted for. */
async function drained(operations: string, streams: number): Promise<StreamsAnswer> {
  const until = performance.now() + drainWithinMs;
  for (;;) {
    const answer = await readStreams(operations);
    const isDone = (line: StreamLine): boolean => line.stream === null && line.accounts.buffered === 0;
    if (answer.streams.filter(isDone).length >= streams) return answer;
    if (performance.now() > until) return answer;
    await wait(50);
  }
}
