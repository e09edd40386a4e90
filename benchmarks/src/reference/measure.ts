import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import type { Accounts, Contestant, Run, RunningContestant, Servers } from './contestant.js';
import { commandsFor, startFeed } from './feed.js';
import { peakMemoryMiB, processorSeconds } from './process-usage.js';
import { quantile, readBack } from './read-back.js';

const { Kafka: Client, logLevel } = kafkajs;

/** Time to open its streams and to warm up before the window. */
const warmUpMs = 4_000;
const windowMs = 6_000;

/** One window of one contestant. */
export interface Measurement {
  /** Ticks the broker appended per second of the window. */
  readonly ticksPerSecond: number;
  /** Processor time of the contestant's process, all threads, per tick. */
  readonly cpuMicrosecondsPerTick: number;
  /** From receipt to Kafka's log, by the broker's clock, in ms. */
  readonly logP50: number;
  readonly logP99: number;
  readonly peakMemoryMiB: number;
  /** What it says itself at the end of the window. */
  readonly accounts: Accounts | null;
}

/** Runs a contestant on a feed of `rate` ticks per second; null when it is not installed here. */
export async function measure(contestant: Contestant, servers: Servers, rate: number): Promise<Measurement | null> {
  const prefix = `bench-${randomUUID().slice(0, 8)}-`;
  const topics = contestant.topics.map((topic) => prefix + topic);
  const kafka = new Client({ brokers: [...servers.brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  try {
    await admin.createTopics({
      waitForLeaders: false,
      topics: [...topics, `${prefix}ws.command`].map((topic) => ({
        topic,
        numPartitions: contestant.format === 'avro' ? 6 : 1,
        // The broker's clock decides when a tick is in, the same for every contestant.
        configEntries: [{ name: 'message.timestamp.type', value: 'LogAppendTime' }],
      })),
    });
    await untilKnown(admin, [...topics, `${prefix}ws.command`]);
    const observed = await observe(contestant, { servers, feed: await startFeed(rate), prefix }, kafka);
    if (observed === null) return null;
    const { from, to, seconds, memory, accounts, acknowledged } = observed;
    const { ticks, inWindow, waits } = await readBack(kafka, topics, contestant.format, from, to);
    if (ticks < acknowledged) throw new Error(`${acknowledged} ticks are said to be acknowledged, ${ticks} are there.`);
    if (inWindow === 0) throw new Error('No tick arrived in Kafka.');
    return {
      ticksPerSecond: (inWindow * 1000) / (to - from),
      cpuMicrosecondsPerTick: (seconds * 1e6) / inWindow,
      logP50: quantile(waits, 0.5)!,
      logP99: quantile(waits, 0.99)!,
      peakMemoryMiB: memory,
      accounts,
    };
  } finally {
    const left = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
    await admin.deleteTopics({ topics: left }).catch(() => {});
    await admin.disconnect();
  }
}

interface Observed {
  /** The window in Unix ms. */
  readonly from: number;
  readonly to: number;
  /** Processor time in it. */
  readonly seconds: number;
  readonly memory: number;
  readonly accounts: Accounts | null;
  /** In the whole run. */
  readonly acknowledged: number;
}

/** Starts the contestant, watches its window, and stops it and the feed whatever happens. */
async function observe(contestant: Contestant, run: Run, kafka: Kafka): Promise<Observed | null> {
  const { feed, prefix } = run;
  let running: RunningContestant | null = null;
  try {
    running = await contestant.start(run);
    if (running === null) return null;
    if (contestant.takesCommands) await send(kafka, `${prefix}ws.command`, commandsFor(feed.url));
    await wait(warmUpMs);
    await running.mark();
    const from = Date.now();
    const before = processorSeconds(running.pid);
    await wait(windowMs);
    const to = Date.now();
    const seconds = processorSeconds(running.pid) - before;
    const memory = peakMemoryMiB(running.pid);
    const accounts = await running.accounts();
    await feed.close();
    return { from, to, seconds, memory, accounts, acknowledged: await drained(running) };
  } finally {
    await feed.close();
    await running?.stop();
  }
}

/** Waits until all that was received has been dealt with; answers how much was acknowledged. */
async function drained(running: RunningContestant): Promise<number> {
  for (let tries = 0; ; tries += 1) {
    const now = await running.accounts();
    if (now === null) return 0;
    const { received, acknowledged, conflated, dropped } = now;
    if (acknowledged + conflated + dropped >= received || tries === 400) return acknowledged;
    await wait(50);
  }
}

/** Topics are made in the background; stock clients complain of those that are not there yet. */
async function untilKnown(admin: Admin, topics: readonly string[]): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await admin.fetchTopicMetadata({ topics: [...topics] });
      return;
    } catch (error) {
      if (tries === 50) throw error;
      await wait(100);
    }
  }
}

async function send(kafka: Kafka, topic: string, values: readonly string[]): Promise<void> {
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic, messages: values.map((value) => ({ value })) });
  await producer.disconnect();
}
