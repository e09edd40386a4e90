import { setTimeout as wait } from 'node:timers/promises';
import type { SimulatorFigures, SimulatorProcess } from '../processes/simulator-process.js';
import type { Accounts } from '../publishing/accounts.js';
import type { LatencyDistribution, LatencySummary } from '../publishing/latency.js';
import type { GatewayFigures } from './gateway-figures.js';
import type { GatewayProcess } from './gateway-process.js';
import type { SendFloor } from './send-floor.js';

/** Gateway and simulator at one moment. */
export interface LoadSample {
  /** Since the rate was set. */
  readonly second: number;
  readonly gateway: GatewayFigures;
  readonly simulator: SimulatorFigures;
}

/** One rate, measured. */
export interface LoadWindow {
  /** Ticks a second that the simulator was told to send. */
  readonly rate: number;
  readonly seconds: number;
  /** A second, each. The simulator sends frames; the records made of them can be a few more. */
  readonly sent: number;
  readonly received: number;
  readonly acknowledged: number;
  readonly dropped: number;
  readonly conflated: number;
  /** Most records on their way to Kafka at once. */
  readonly buffered: number;
  /** From the receipt of a record to Kafka's acknowledgement, in ms. */
  readonly latency_ms: LatencyDistribution | null;
  /** kafkajs alone in the same seconds, in ms. */
  readonly floor_ms: LatencySummary | null;
  /** Processor time of each record, in µs. */
  readonly cpu_us_per_tick: { readonly gateway: number; readonly simulator: number };
  readonly event_loop_ms: { readonly p99: number; readonly max: number };
  /** How long the gateway worked on after the last frame was sent: what had piled up before it. */
  readonly caught_up_ms: number;
  /** Why the rate does not count as sustained. */
  readonly problems: readonly string[];
}

export interface LoadTarget {
  readonly gateway: GatewayProcess;
  readonly simulator: SimulatorProcess;
  readonly floor: SendFloor;
  readonly onSample: (sample: LoadSample, rate: number) => void;
  readonly signal: AbortSignal;
}

export interface SustainedRules {
  readonly maxP99Ms: number;
  /** Least share of the rate that has to be sent. */
  readonly minSent: number;
  readonly maxCaughtUpMs: number;
}

/** Until processes that were just started, or idle, run as they will. */
const settleSeconds = 2;
const lookEveryMs = 20;
const catchUpWithinMs = 120_000;

/** Sends at `rate` for a while, then holds the source and waits until everything that was sent is accounted for. */
export async function measureWindow(
  load: LoadTarget,
  rate: number,
  seconds: number,
  rules: SustainedRules,
): Promise<LoadWindow> {
  const { gateway, simulator, floor, signal } = load;
  await simulator.setRate(rate);
  await sampled(load, rate, settleSeconds);
  await gateway.mark();
  floor.take();
  const first = await sample(load, 0);
  const startedAt = performance.now();
  const samples = [first, ...(await sampled(load, rate, seconds))];
  const tookSeconds = (performance.now() - startedAt) / 1_000;
  const last = samples.at(-1)!;
  const floorMs = floor.take();
  await simulator.setRate(0);
  const caughtUpMs = await caughtUp(gateway);
  signal.throwIfAborted();

  const increase = (value: (accounts: Accounts) => number): number =>
    value(last.gateway.accounts) - value(first.gateway.accounts);
  const received = increase((accounts) => accounts.received);
  const sent = last.simulator.sent - first.simulator.sent;
  const window = {
    rate,
    seconds: Math.round(tookSeconds * 100) / 100,
    sent: Math.round(sent / tookSeconds),
    received: Math.round(received / tookSeconds),
    acknowledged: Math.round(increase((accounts) => accounts.acknowledged) / tookSeconds),
    dropped: increase((accounts) => accounts.dropped),
    conflated: increase((accounts) => accounts.conflated),
    buffered: Math.max(...samples.map((one) => one.gateway.accounts.buffered)),
    latency_ms: last.gateway.latency,
    floor_ms: floorMs,
    cpu_us_per_tick: {
      gateway: round((last.gateway.cpu_us - first.gateway.cpu_us) / Math.max(1, received)),
      simulator: round((last.simulator.cpu_us - first.simulator.cpu_us) / Math.max(1, sent)),
    },
    event_loop_ms: {
      p99: round(Math.max(...samples.slice(1).map((one) => one.gateway.event_loop_ms.p99))),
      max: round(Math.max(...samples.slice(1).map((one) => one.gateway.event_loop_ms.max))),
    },
    caught_up_ms: Math.round(caughtUpMs),
  };
  return { ...window, problems: problemsOf(window, rules) };
}

function problemsOf(window: Omit<LoadWindow, 'problems'>, rules: SustainedRules): string[] {
  const problems: string[] = [];
  const { rate, sent, dropped, conflated, latency_ms: latency, caught_up_ms: caughtUpMs } = window;
  if (sent < rate * rules.minSent) problems.push(`the simulator sent only ${sent} of ${rate} a second`);
  if (dropped > 0) problems.push(`${dropped} dropped`);
  if (conflated > 0) problems.push(`${conflated} conflated`);
  if (caughtUpMs > rules.maxCaughtUpMs) problems.push(`${caughtUpMs} ms of work had piled up`);
  if (latency === null) problems.push('nothing was acknowledged');
  else if (latency.p99 > rules.maxP99Ms) problems.push(`p99 of ${Math.round(latency.p99)} ms`);
  return problems;
}

/** A sample at the end of each second. */
async function sampled(load: LoadTarget, rate: number, seconds: number): Promise<LoadSample[]> {
  const startedAt = performance.now();
  const samples: LoadSample[] = [];
  for (let second = 1; second <= seconds; second += 1) {
    await wait(Math.max(0, startedAt + second * 1_000 - performance.now()), undefined, { signal: load.signal });
    const taken = await sample(load, second);
    samples.push(taken);
    load.onSample(taken, rate);
  }
  return samples;
}

async function sample({ gateway, simulator }: LoadTarget, second: number): Promise<LoadSample> {
  const [of, by] = await Promise.all([gateway.figures(), simulator.figures()]);
  return { second, gateway: of, simulator: by };
}

/** How long until the gateway receives nothing more and has nothing on its way. */
async function caughtUp(gateway: GatewayProcess): Promise<number> {
  const startedAt = performance.now();
  let doneAt: number | undefined;
  let before = -1;
  let still = 0;
  // Twice the same: a frame may be between two sockets while one look finds nothing.
  while (still < 3) {
    const { accounts } = await gateway.figures();
    const same = accounts.received === before && accounts.buffered === 0;
    if (!same) doneAt = undefined;
    else doneAt ??= performance.now();
    still = same ? still + 1 : 0;
    before = accounts.received;
    if (performance.now() - startedAt > catchUpWithinMs) break;
    await wait(lookEveryMs);
  }
  return (doneAt ?? performance.now()) - startedAt;
}

const round = (value: number): number => Math.round(value * 100) / 100;
