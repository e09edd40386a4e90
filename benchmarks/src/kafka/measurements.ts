import { fileURLToPath } from 'node:url';
import type { BenchmarkContext } from '../harness/benchmark.js';
import { measureInChild, runForJson } from '../harness/child-measurement.js';
import { alternate, type Contestant, median, spreadOf } from '../harness/rounds.js';
import { loadConfluent } from './confluent-contestant.js';
import { findPlatformatic } from './find-platformatic.js';
import type { KafkaMeasurement, KafkaTask } from './task.js';

/** A contestant's medians, with the least and the greatest of what is compared. */
export interface KafkaMedians extends KafkaMeasurement {
  readonly rates: [number, number];
  readonly cpus: [number, number];
  readonly waits: [number, number];
}

/** Each contestant's medians; null for one that could not run here. */
export type Medians = Readonly<Record<string, KafkaMedians | null>>;

const PYTHON = process.env.PYTHON ?? 'python3';

async function python(task: KafkaTask): Promise<KafkaMeasurement | null> {
  const script = fileURLToPath(new URL('../../src/kafka/produce.py', import.meta.url));
  try {
    return await runForJson<KafkaMeasurement | null>(PYTHON, [script, JSON.stringify(task)]);
  } catch {
    return null;
  }
}

function contestantOf(contestant: string, task: KafkaTask): Contestant<KafkaMeasurement> {
  if (contestant === 'python') return () => python(task);
  const script = new URL('./measure.js', import.meta.url);
  if (contestant === 'platformatic') {
    const found = findPlatformatic();
    if (!found) return async () => null;
    const args = [fileURLToPath(script), JSON.stringify(task)];
    return () => runForJson<KafkaMeasurement>(found.node, args, undefined, { NODE_PATH: found.modules });
  }
  if (contestant === 'confluent' && !loadConfluent()) return async () => null;
  return () => measureInChild<KafkaMeasurement>(script, task);
}

/** Measures the contestants in alternating rounds and answers the medians of each. */
export async function measure(
  { rounds, progress }: BenchmarkContext,
  task: Omit<KafkaTask, 'contestant'>,
  contestants: readonly string[],
): Promise<Medians> {
  const all = await alternate(
    rounds,
    Object.fromEntries(
      contestants.map((contestant) => [contestant, contestantOf(contestant, { ...task, contestant })]),
    ),
    (round, contestant, result) => {
      const what = `${task.work} ${task.valueBytes} B ${task.compression}, round ${round + 1}, ${contestant}`;
      if (!result) progress(`${what}: cannot run here`);
      else
        progress(
          `${what}: ${Math.round(result.rate).toLocaleString('en-US')}/s, ${result.cpuMicros.toFixed(1)} µs CPU`,
        );
    },
  );
  return Object.fromEntries(Object.entries(all).map(([contestant, measured]) => [contestant, mediansOf(measured)]));
}

function mediansOf(measured: readonly KafkaMeasurement[]): KafkaMedians | null {
  if (measured.length === 0) return null;
  return {
    rate: median(measured.map(({ rate }) => rate))!,
    cpuMicros: median(measured.map(({ cpuMicros }) => cpuMicros))!,
    cpuShare: median(measured.map(({ cpuShare }) => cpuShare ?? 0))!,
    p50: median(measured.map(({ p50 }) => p50))!,
    p99: median(measured.map(({ p99 }) => p99))!,
    rates: spreadOf(measured.map(({ rate }) => rate))!,
    cpus: spreadOf(measured.map(({ cpuMicros }) => cpuMicros))!,
    waits: spreadOf(measured.map(({ p50 }) => p50))!,
  };
}
