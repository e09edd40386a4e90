import type { Benchmark, BenchmarkOutcome, BenchmarkResult } from '../harness/benchmark.js';
import { pythonJsonMicros } from './python-json.js';

/** The table that the specification prints (JSON against Avro), and the targets the system is known by. */
export const specificationBenchmark: Benchmark = {
  description: "the specification's own table and published targets, from the other benchmarks of the same run",
  async run({ outcomeOf }) {
    const data = await outcomeOf('data');
    const exchanges = await outcomeOf('exchanges');
    const redis = await outcomeOf('redis');
    return {
      versions: { ...data.versions, ...redis.versions },
      results: [...tableLines(data), await jsonLine(data), ...parsingLines(exchanges), ...redisLines(redis)],
    };
  },
};

/** Avro as times of JSON, in the specification's four rows. */
function tableLines(data: BenchmarkOutcome): BenchmarkResult[] {
  const encode = result(data, 'encode 10 tickers, framed');
  const decode = result(data, 'decode 10 tickers, guarded');
  const size = result(data, 'size of 10 tickers, framed');
  const memory = result(data, 'memory to write and hold 100,000 tickers');
  const timesFaster = ({ ours, peers }: BenchmarkResult): number => peers.JSON! / ours;
  const percentLess = ({ ours, peers }: BenchmarkResult): number => 100 * (1 - ours / peers.JSON!);
  return [
    line(
      'encode: Avro against JSON',
      'times as fast',
      timesFaster(encode),
      '≥ 2 (2–3 in the specification)',
      (x) => x >= 2,
    ),
    line('decode: Avro against JSON', 'times as fast', timesFaster(decode), '≥ 2 (2–4)', (x) => x >= 2),
    line('size: Avro against JSON', '% smaller', percentLess(size), '≥ 20 (20–40)', (x) => x >= 20),
    line('memory: Avro against JSON', '% less', percentLess(memory), '≥ 30', (x) => x >= 30),
  ];
}

/** The specification's "fast JSON" is orjson beside Python's own; in Node the engine's is fast already. */
async function jsonLine(data: BenchmarkOutcome): Promise<BenchmarkResult> {
  const { ours } = result(data, 'JSON of 10 tickers');
  const python = await pythonJsonMicros();
  const times = python === null ? null : python.json / ours;
  return {
    name: 'JSON of 10 tickers, processor time',
    unit: 'µs',
    ours,
    peers: { "Python's json": python?.json ?? null, orjson: python?.orjson ?? null },
    goal: "≥ 3 times as fast as Python's json (3–5)",
    met: times === null ? null : times >= 3,
    ...(python === null && { note: 'no Python answers; name one with PYTHON' }),
  };
}

function parsingLines(exchanges: BenchmarkOutcome): BenchmarkResult[] {
  const frames = exchanges.results.filter(({ peers }) => 'bare JSON.parse' in peers);
  const slowest = frames.reduce((worst, frame) => (frame.ours > worst.ours ? frame : worst));
  return [
    line(
      'parsing a frame, the slowest of all exchanges',
      'µs',
      slowest.ours,
      '< 50 for 1 KB',
      (x) => x < 50,
      slowest.name,
    ),
  ];
}

function redisLines(redis: BenchmarkOutcome): BenchmarkResult[] {
  const update = result(redis, '1,000 state updates at once, p99');
  const script = result(redis, 'replacing 20 symbols');
  const expiry = result(redis, 'expiry, farthest from its time');
  return [
    line('state updates of 1,000 connections at once, p99', 'ms', update.ours, '< 15', (x) => x < 15),
    line('Lua scripts', 'calls/s', script.ours, '≥ 5,000', (x) => x >= 5_000),
    line('expiry, farthest from its time', expiry.unit, expiry.ours, 'within a second', () => expiry.met === true),
  ];
}

function line(
  name: string,
  unit: string,
  ours: number,
  goal: string,
  isMet: (ours: number) => boolean,
  note?: string,
): BenchmarkResult {
  return { name, unit, ours, peers: {}, goal, met: isMet(ours), ...(note === undefined ? {} : { note }) };
}

function result({ results }: BenchmarkOutcome, name: string): BenchmarkResult {
  const found = results.find((each) => each.name === name);
  if (!found) throw new Error(`No result is called "${name}". Name it as its benchmark does now.`);
  return found;
}
