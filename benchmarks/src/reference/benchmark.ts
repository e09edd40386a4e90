import type { Benchmark, BenchmarkResult } from '../harness/benchmark.js';
import { alternate, median, spreadOf } from '../harness/rounds.js';
import type { Contestant } from './contestant.js';
import { type Measurement, measure } from './measure.js';
import { naru, nodeOptions } from './naru-contestant.js';
import { cryptofeed, pythonVersions, reference } from './python-contestants.js';
import { findServers } from './servers.js';

/** More than any contestant takes: each is sent as much as it reads. */
const floodRate = 200_000;

/** What the gateway and the reference take without falling behind. */
const briskRate = 10_000;

/** What every contestant takes without falling behind. */
const easyRate = 1_000;

const asSpecified = 'reference stack';

const contestants: Readonly<Record<string, Contestant>> = {
  // As the reference packs.
  naru: naru('lz4'),
  [asSpecified]: reference({}),
  'reference on uvloop': reference({ LOOP: 'uvloop' }),
  'reference on uvloop, Avro in the loop, linger 5 ms': reference({
    LOOP: 'uvloop',
    OFFLOAD: 'false',
    LINGER_MS: '5',
  }),
  'cryptofeed with its Kafka backend': cryptofeed,
  'ours, not packed': naru('none'),
};

interface Row {
  readonly name: string;
  readonly unit: string;
  /** Null where none is set. */
  readonly goal: string | null;
  value(measurement: Measurement): number | null;
  /** Whether our median meets the goal beside the reference's. */
  met?(ours: number, theirs: number): boolean;
  readonly note?: string;
}

const floodRows: readonly Row[] = [
  {
    name: 'ticks sustained per core',
    unit: 'ticks/s of processor time',
    goal: '≥ 5 × the reference stack',
    value: ({ cpuMicrosecondsPerTick }) => 1e6 / cpuMicrosecondsPerTick,
    met: (ours, theirs) => ours >= 5 * theirs,
  },
  {
    name: 'ticks sustained beside broker and simulator on this machine',
    unit: 'ticks/s',
    goal: 'more than the reference stack',
    value: ({ ticksPerSecond }) => ticksPerSecond,
    met: (ours, theirs) => ours > theirs,
  },
  {
    name: 'processor time per tick under flood',
    unit: 'µs',
    goal: '≤ a fifth of the reference stack',
    value: ({ cpuMicrosecondsPerTick }) => cpuMicrosecondsPerTick,
    met: (ours, theirs) => ours <= theirs / 5,
  },
  {
    name: 'ticks dropped or conflated under flood',
    unit: '% of those received',
    goal: null,
    note: 'the gateway never stops reading a socket, the reference does',
    value: ({ accounts }) => accounts && (100 * (accounts.dropped + accounts.conflated)) / accounts.received,
  },
  {
    name: 'peak memory under flood',
    unit: 'MiB',
    goal: null,
    value: ({ peakMemoryMiB }) => peakMemoryMiB,
  },
];

const lower = (ours: number, theirs: number): boolean => ours < theirs;

const briskRows: readonly Row[] = [
  {
    name: `processor time per tick at ${briskRate}/s`,
    unit: 'µs',
    goal: '≤ a fifth of the reference stack',
    value: ({ cpuMicrosecondsPerTick }) => cpuMicrosecondsPerTick,
    met: (ours, theirs) => ours <= theirs / 5,
  },
  {
    name: `ticks in Kafka at ${briskRate}/s`,
    unit: 'ticks/s',
    goal: 'all but the noise of a window: at least 98 %',
    value: ({ ticksPerSecond }) => ticksPerSecond,
    met: (ours) => ours >= 0.98 * briskRate,
  },
  {
    name: `receipt to the broker's log at ${briskRate}/s, p99, as read back`,
    unit: 'ms',
    goal: 'below the reference stack',
    value: ({ logP99 }) => logP99,
    met: lower,
  },
];

const easyRows: readonly Row[] = [
  {
    name: `receipt to acknowledgement at ${easyRate}/s, p50, as it counts itself`,
    unit: 'ms',
    goal: 'below the reference stack',
    value: ({ accounts }) => accounts?.p50 ?? null,
    met: lower,
  },
  {
    name: `receipt to acknowledgement at ${easyRate}/s, p99, as it counts itself`,
    unit: 'ms',
    goal: 'below the reference stack',
    value: ({ accounts }) => accounts?.p99 ?? null,
    met: lower,
  },
  {
    name: `receipt to the broker's log at ${easyRate}/s, p50, as read back`,
    unit: 'ms',
    goal: 'below the reference stack',
    value: ({ logP50 }) => logP50,
    met: lower,
  },
  {
    name: `receipt to the broker's log at ${easyRate}/s, p99, as read back`,
    unit: 'ms',
    goal: 'below the reference stack',
    value: ({ logP99 }) => logP99,
    met: lower,
  },
  {
    name: `processor time per tick at ${easyRate}/s`,
    unit: 'µs',
    goal: 'below the reference stack',
    value: ({ cpuMicrosecondsPerTick }) => cpuMicrosecondsPerTick,
    met: lower,
  },
];

type Measurements = Readonly<Record<string, readonly Measurement[]>>;

function resultOf(row: Row, measurements: Measurements): BenchmarkResult {
  const valuesOf = (name: string): number[] =>
    (measurements[name] ?? []).map(row.value).filter((value): value is number => value !== null);
  const peers = Object.fromEntries(
    Object.keys(contestants)
      .filter((name) => name !== 'naru')
      .map((name) => [name, median(valuesOf(name))]),
  );
  const ours = median(valuesOf('naru'))!;
  const theirs = peers[asSpecified] ?? null;
  return {
    name: row.name,
    unit: row.unit,
    ours,
    spread: spreadOf(valuesOf('naru')),
    peers,
    goal: row.goal,
    met: theirs === null ? null : (row.met?.(ours, theirs) ?? null),
    ...(row.note !== undefined && { note: row.note }),
    ...(theirs === null && {
      note: 'the reference stack needs a Python, named by PYTHON, with benchmarks/src/reference/requirements.txt',
    }),
  };
}

/** The gateway beside the Python collector of the specification: the same feed, the same broker, in one run. */
export const referenceBenchmark: Benchmark = {
  description: 'a whole collector, from exchange to Kafka: the gateway beside the reference stack in Python',
  async run({ rounds, progress }) {
    const { servers, description, close } = await findServers();
    progress(description);
    const at = (rate: number): Promise<Measurements> =>
      alternate<Measurement>(
        rounds,
        Object.fromEntries(
          Object.entries(contestants).map(([name, contestant]) => [name, () => measure(contestant, servers, rate)]),
        ),
        (round, name, result) => progress(`round ${round + 1}, ${name}: ${summary(result)}`),
      );
    try {
      const flood = await at(floodRate);
      const brisk = await at(briskRate);
      const easy = await at(easyRate);
      return {
        versions: {
          broker: description,
          gateway: `node ${nodeOptions.join(' ')}`,
          ...(await pythonVersions(
            'confluent-kafka fastavro orjson pydantic redis uvloop websockets cryptofeed aiokafka'.split(' '),
          )),
        },
        results: [
          ...floodRows.map((row) => resultOf(row, flood)),
          ...briskRows.map((row) => resultOf(row, brisk)),
          ...easyRows.map((row) => resultOf(row, easy)),
        ],
      };
    } finally {
      await close();
    }
  },
};

const summary = (result: Measurement | null): string =>
  result === null
    ? 'not installed'
    : `${Math.round(result.ticksPerSecond)} ticks/s, ${result.cpuMicrosecondsPerTick.toFixed(1)} µs each, ` +
      `p50 ${result.logP50.toFixed(1)} ms, p99 ${result.logP99.toFixed(1)} ms, ${Math.round(result.peakMemoryMiB)} MiB`;
