import type { Benchmark, BenchmarkContext, BenchmarkResult } from '../harness/benchmark.js';
import { measureInChild } from '../harness/child-measurement.js';
import { packageVersion } from '../harness/package-version.js';
import { alternate, median, spreadOf } from '../harness/rounds.js';
import type { DataMeasurement, DataTask } from './task.js';

const FRAME_SIZES = [4, 16, 64, 256] as const;
const DEFAULT_THRESHOLD_KIB = 64;

const peerNames: Readonly<Record<string, string>> = {
  json: 'JSON',
  avsc: 'avsc',
  kafkajs: "kafkajs's registry client",
  confluent: "Confluent's client",
  fastJsonStringify: 'fast-json-stringify',
  inline: 'in the same thread',
};

export const dataBenchmark: Benchmark = {
  description: 'records as bytes: Avro beside JSON, avsc and the registry clients of kafkajs and Confluent',
  async run(context) {
    return {
      versions: Object.fromEntries(
        ['avsc', '@kafkajs/confluent-schema-registry', '@confluentinc/schemaregistry', 'fast-json-stringify'].map(
          (name) => [name, packageVersion(name) ?? 'not installed'],
        ),
      ),
      results: await measureAll(context),
    };
  },
};

interface Medians {
  readonly ours: number;
  readonly spread: [number, number];
  readonly peers: Readonly<Record<string, number | null>>;
  readonly bytes: Readonly<Record<string, number>>;
}

async function medians(
  context: BenchmarkContext,
  work: DataTask['work'],
  contestants: readonly string[],
  more: Partial<DataTask> = {},
): Promise<Medians> {
  const url = new URL('./measure.js', import.meta.url);
  const rounds = await alternate<DataMeasurement>(
    context.rounds,
    Object.fromEntries(
      contestants.map((contestant) => [
        contestant,
        () => measureInChild<DataMeasurement | null>(url, { work, contestant, ...more }),
      ]),
    ),
    (round, contestant, result) =>
      context.progress(`${work}, round ${round + 1}, ${contestant}: ${result?.value.toFixed(2) ?? 'not installed'}`),
  );
  const medianOf = (name: string): number | null => median((rounds[name] ?? []).map(({ value }) => value));
  return {
    ours: medianOf('naru')!,
    spread: spreadOf((rounds.naru ?? []).map(({ value }) => value))!,
    peers: Object.fromEntries(contestants.filter((name) => name !== 'naru').map((name) => [name, medianOf(name)])),
    bytes: Object.fromEntries(contestants.map((name) => [name, rounds[name]?.[0]?.bytes ?? 0])),
  };
}

function named(peers: Medians['peers']): BenchmarkResult['peers'] {
  return Object.fromEntries(Object.entries(peers).map(([name, value]) => [peerNames[name] ?? name, value]));
}

const microseconds = 'µs of processor time per message';

async function measureAll(context: BenchmarkContext): Promise<BenchmarkResult[]> {
  const encode = await medians(context, 'encode', ['naru', 'json', 'avsc']);
  const decode = await medians(context, 'decode', ['naru', 'json', 'avsc']);
  const trade = await medians(context, 'encodeTrade', ['naru', 'avsc']);
  const other = await medians(context, 'decodeOther', ['naru', 'kafkajs', 'confluent']);
  const hold = await medians(context, 'hold', ['naru', 'json']);
  const json = await medians(context, 'json', ['naru', 'fastJsonStringify']);
  const isTimesFaster = (found: Medians, peer: string, times: number): boolean | null => {
    const value = found.peers[peer] ?? null;
    return value === null ? null : value >= times * found.ours;
  };
  return [
    {
      name: 'encode 10 tickers, framed',
      unit: microseconds,
      ours: encode.ours,
      spread: encode.spread,
      peers: named(encode.peers),
      goal: '≥ 3 × as fast as JSON, and ≤ 1.25 × the time of avsc into a buffer used again',
      met: isTimesFaster(encode, 'json', 3)! && encode.ours <= 1.25 * encode.peers.avsc!,
    },
    {
      name: 'encode 1 trade, framed',
      unit: microseconds,
      ours: trade.ours,
      spread: trade.spread,
      peers: named(trade.peers),
      goal: '≤ 1.25 × the time of avsc into a buffer used again',
      met: trade.ours <= 1.25 * trade.peers.avsc!,
    },
    {
      name: 'decode 10 tickers, guarded',
      unit: microseconds,
      ours: decode.ours,
      spread: decode.spread,
      peers: named(decode.peers),
      goal: '≥ 2.5 × as fast as JSON',
      met: isTimesFaster(decode, 'json', 2.5),
    },
    {
      name: 'size of 10 tickers, framed',
      unit: 'bytes',
      ours: encode.bytes.naru!,
      peers: { JSON: encode.bytes.json! },
      goal: '≤ 40 % of JSON',
      met: encode.bytes.naru! <= 0.4 * encode.bytes.json!,
    },
    {
      name: 'decode 1 trade in another schema',
      unit: microseconds,
      ours: other.ours,
      spread: other.spread,
      peers: named(other.peers),
      goal: "≥ 50 × as fast as kafkajs's registry client and ≥ 10 × as Confluent's",
      met: bothOf(isTimesFaster(other, 'kafkajs', 50), isTimesFaster(other, 'confluent', 10)),
      ...(other.peers.confluent === null && {
        note: "Confluent's client is not installed: npm install --prefix DIR @confluentinc/schemaregistry, then NODE_PATH=DIR/node_modules.",
      }),
    },
    {
      name: 'memory to write and hold 100,000 tickers',
      unit: 'bytes',
      ours: hold.ours,
      spread: hold.spread,
      peers: named(hold.peers),
      goal: '≥ 30 % less than JSON',
      met: hold.ours <= 0.7 * hold.peers.json!,
    },
    {
      name: 'JSON of 10 tickers',
      unit: microseconds,
      ours: json.ours,
      spread: json.spread,
      peers: named(json.peers),
      goal: '≤ 1.25 × a compiled writer, which is not byte-identical: it writes the fields in the order of its schema',
      met: json.ours <= 1.25 * json.peers.fastJsonStringify!,
    },
    ...(await measureOffload(context)),
  ];
}

/** Where off-loading begins to pay: the size from which this thread has less to do. */
async function measureOffload(context: BenchmarkContext): Promise<BenchmarkResult[]> {
  const results: BenchmarkResult[] = [];
  for (const kib of FRAME_SIZES) {
    const found = await medians(context, 'transcode', ['naru', 'inline'], { frameBytes: kib * 1_024 });
    results.push({
      name: `this thread's part of a JSON frame of ${kib} KiB to Avro, off-loaded`,
      unit: 'µs per frame',
      ours: found.ours,
      spread: found.spread,
      peers: named(found.peers),
      goal: 'less than in the same thread from the default threshold of 64 KiB on',
      met: kib < DEFAULT_THRESHOLD_KIB ? null : found.ours < found.peers.inline!,
    });
  }
  return results;
}

function bothOf(first: boolean | null, second: boolean | null): boolean | null {
  return first === false || second === false ? false : first && second;
}
