import os from 'node:os';
import { realtimeTopics } from '@naru/core';
import { type ClosingStack, createClosingStack } from '../composition/closing-stack.js';
import { registryOptions } from '../composition/server-options.js';
import { createJsonLogger } from '../logging.js';
import { type Accounting, accountFor } from './accounting.js';
import { endStreams, openStreams } from './command-streams.js';
import { findHighestRate, highestSustained } from './find-highest-rate.js';
import { type LoadOptions, loadLimits } from './load-options.js';
import { startParts } from './load-parts.js';
import { planStreams } from './load-plan.js';
import { type LoadSample, type LoadTarget, type LoadWindow, measureWindow } from './load-window.js';
import { type MemorySample, memorySlope } from './memory-slope.js';
import { readBack } from './read-back.js';

/** Memory over a run. */
export interface MemoryCourse {
  readonly samples: readonly MemorySample[];
  /** Of the second half. */
  readonly slope_mib_per_minute: number;
}

/** What a run came to: the JSON of `naru load`. */
export interface LoadReport extends Accounting {
  /** The rate, or one of the rates, was sustained, and every tick is accounted for. */
  readonly ok: boolean;
  readonly broker: 'real' | 'embedded';
  readonly exchanges: number;
  readonly markets: number;
  readonly streams: number;
  readonly kinds: readonly string[];
  /** The rate asked for, or the highest that was sustained; null when none was. */
  readonly sustained: LoadWindow | null;
  /** Every rate that was measured. */
  readonly windows: readonly LoadWindow[];
  /** Resident memory; of the gateway also what full collections left of its heap, from the first of them on. */
  readonly memory: Readonly<Record<'gateway' | 'gateway_live_heap' | 'simulator', MemoryCourse>>;
  readonly parse_failures: number;
  readonly reconnects: number;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memory_gib: number;
    readonly node: string;
    /** As the gateway had them. */
    readonly node_options: string;
  };
}

/** Says what is going on. */
export interface LoadProgress {
  say(line: string): void;
  sample(sample: LoadSample, rate: number): void;
}

const maxCaughtUpMs = 1_000;
const minSent = 0.98;
/** Samples kept of each process's memory: a long run is thinned out. */
const mostMemorySamples = 120;

/**
 * Starts everything, measures, reads the topics back, and ends everything it started.
 *
 * @throws CommandFailure when a part cannot be started or found
 */
export async function runLoad(options: LoadOptions, progress: LoadProgress, signal: AbortSignal): Promise<LoadReport> {
  const closing = createClosingStack(createJsonLogger('error'));
  try {
    return await run(options, progress, signal, closing);
  } finally {
    await closing.close();
  }
}

async function run(
  options: LoadOptions,
  progress: LoadProgress,
  signal: AbortSignal,
  closing: ClosingStack,
): Promise<LoadReport> {
  progress.say('starting');
  const { gateway, simulator, floor, topics, transport } = await startParts(options, closing, signal);
  const plan = planStreams(options.markets, options.kinds);
  // Some exchanges confirm with the first data only.
  await simulator.setRate(Math.min(2_000, options.markets));
  await openStreams(gateway, plan, simulator.url, {
    transport,
    topics,
    signal,
    onProgress: ({ confirmed, wanted }) => progress.say(`subscribing ${confirmed}/${wanted}`),
  });

  const memory: LoadSample[] = [];
  const load: LoadTarget = {
    gateway,
    simulator,
    floor,
    signal,
    onSample(sample, rate) {
      memory.push(sample);
      progress.sample(sample, rate);
    },
  };
  const rules = { maxP99Ms: options.maxP99Ms, minSent, maxCaughtUpMs };
  const measure = (rate: number): Promise<LoadWindow> => measureWindow(load, rate, options.seconds, rules);
  const windows =
    options.rate === undefined ? await findHighestRate(measure, loadLimits.rate.most) : [await measure(options.rate)];

  const { parse_failures, reconnects } = await gateway.figures();
  // A source that is held looks dead: sockets that stay would be opened anew, and what is replayed then would count.
  await endStreams(gateway, plan, { transport, topics, signal, onProgress: () => progress.say('ending') });
  progress.say('reading the topics back');
  const { config } = options;
  const registry = registryOptions(config.registry, gateway.registry);
  const read = await readBack(transport, registry, realtimeTopics(topics));
  const accounting = accountFor(await simulator.sentByStream(), await gateway.targets(), read);
  const sustained = highestSustained(windows) ?? null;
  return {
    ok: sustained !== null && accounting.exact,
    broker: config.kafka.brokers === 'embedded' ? 'embedded' : 'real',
    exchanges: new Set(plan.map(({ target }) => target.exchange)).size,
    markets: options.markets,
    streams: plan.length,
    kinds: options.kinds,
    sustained,
    windows,
    ...accounting,
    memory: {
      gateway: memoryOf(memory, ({ gateway: of }) => of.rss_bytes),
      gateway_live_heap: memoryOf(memory, ({ gateway: of }) => of.live_heap_bytes),
      simulator: memoryOf(memory, ({ simulator: of }) => of.rss_bytes),
    },
    parse_failures,
    reconnects,
    machine: {
      cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
      cores: os.cpus().length,
      memory_gib: Math.round(os.totalmem() / 2 ** 30),
      node: process.versions.node,
      node_options: process.env.NODE_OPTIONS ?? '',
    },
  };
}

/** The second half of a run decides about growth: in the first a heap finds its size. */
function memoryOf(samples: readonly LoadSample[], bytesOf: (sample: LoadSample) => number | null): MemoryCourse {
  const all = samples.flatMap((sample) => {
    const bytes = bytesOf(sample);
    return bytes === null ? [] : [{ second: sample.second, mib: Math.round(bytes / 2 ** 20) }];
  });
  const every = Math.max(1, Math.ceil(all.length / mostMemorySamples));
  return {
    samples: all.filter((_, index) => index % every === 0),
    slope_mib_per_minute: Math.round(memorySlope(all.slice(all.length >> 1)) * 100) / 100,
  };
}
