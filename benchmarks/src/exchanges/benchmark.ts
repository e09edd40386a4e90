import { gzipSync } from 'node:zlib';
import type { RequestType } from '@naru/core';
import { exchanges } from '@naru/exchanges';
import type { SampleFrames } from '@naru/exchanges/testing';
import { sampleFrames } from '@naru/exchanges/testing';
import type { Benchmark, BenchmarkResult } from '../harness/benchmark.js';
import { alternate, median, spreadOf } from '../harness/rounds.js';
import { pythonVersions } from '../reference/python-contestants.js';
import { cryptofeedTimes, type WireFrame } from './cryptofeed.js';
import { retainedBytesPerFrame } from './retained.js';

/** How long one contestant reads one frame in one round. */
const MEASURE_MS = 50;
const WARM_UP_MS = 100;
const FRAMES_BETWEEN_CLOCKS = 200;
const RETAINED_FRAMES = 1_000_000;

/** A frame that can be read again and again: order books as a whole, not as a chain of deltas. */
interface Repeatable {
  readonly sample: SampleFrames;
  readonly before: readonly string[];
  readonly frame: string;
}

function repeatable(sample: SampleFrames): Repeatable {
  const { exchange, kind, frames } = sample;
  const at = kind === 'orderbook' ? (exchange === 'bitfinex' ? 1 : 0) : frames.length - 1;
  return { sample, before: frames.slice(0, at), frame: frames[at]! };
}

/** Reads the frame with a fresh session, as `receive` of a live socket would. */
function reader({ sample, before, frame }: Repeatable): () => void {
  const session = exchanges.get(sample.exchange).createSession(sample.kind, { everyFrame: true });
  session.changeSymbols([sample.code]);
  for (const earlier of before) session.receive(earlier, 1);
  if (session.receive(frame, 1).records.length === 0) {
    throw new Error(`The sample frame of ${sample.exchange} ${sample.kind} makes no record.`);
  }
  return () => {
    session.receive(frame, 1);
  };
}

/** Microseconds of processor time per call, so that other work on the machine counts for little. */
function measure(call: () => void, durationMs: number): number {
  const start = process.cpuUsage();
  let calls = 0;
  let spent = 0;
  while (spent < durationMs * 1000) {
    for (let i = 0; i < FRAMES_BETWEEN_CLOCKS; i += 1) call();
    calls += FRAMES_BETWEEN_CLOCKS;
    const { user, system } = process.cpuUsage(start);
    spent = user + system;
  }
  return spent / calls;
}

async function compare(item: Repeatable, rounds: number, cryptofeed: number | null): Promise<BenchmarkResult> {
  const { sample, frame } = item;
  const ours = reader(item);
  const bare = (): unknown => JSON.parse(frame);
  measure(ours, WARM_UP_MS);
  measure(bare, WARM_UP_MS);
  const times = await alternate<number>(rounds, {
    ours: async () => measure(ours, MEASURE_MS),
    bare: async () => measure(bare, MEASURE_MS),
  });
  const perFrame = median(times.ours!)!;
  const perParse = median(times.bare!)!;
  const kilobytes = Buffer.byteLength(frame) / 1024;
  return {
    name: `${sample.exchange} ${sample.kind}`,
    unit: 'µs CPU per frame',
    ours: perFrame,
    ...spreadOfTimes(times.ours!),
    // Frames that cryptofeed has no handler for leave it out.
    peers: { 'bare JSON.parse': perParse, ...(cryptofeed !== null && { cryptofeed }) },
    goal: '≤ 10 µs per KB and ≤ 2 × JSON.parse',
    met: perFrame / Math.max(1, kilobytes) <= 10 && perFrame <= 2 * perParse,
    note: `${Buffer.byteLength(frame)} bytes, ${(perFrame / perParse).toFixed(2)} × JSON.parse`,
  };
}

/** Frames that cryptofeed reads in another form than the samples have. */
const onTheWire: readonly { readonly name: string; readonly kind: RequestType; readonly frame: WireFrame }[] = [
  ...sampleFrames
    .filter(({ exchange, kind }) => exchange === 'htx' && kind !== 'orderbook')
    .map(({ kind, frames }) => ({
      name: `htx ${kind}, gzip`,
      kind,
      frame: { exchange: 'htx', kind, payload: gzipSync(frames.at(-1)!) },
    })),
  {
    name: 'upbit trade, SIMPLE',
    kind: 'trade',
    frame: {
      exchange: 'upbit',
      kind: 'trade',
      payload:
        '{"ty":"trade","cd":"KRW-BTC","tms":1790000000039,"td":"2026-09-21","ttm":"14:13:20","ttms":1790000000000,' +
        '"tp":158201000.0,"tv":0.00006321,"ab":"BID","pcp":158200000.0,"c":"RISE","cp":1000.0,' +
        '"sid":17900000000000001,"st":"REALTIME"}',
    },
  },
];

async function compareOnTheWire(
  { name, kind, frame: { exchange, payload } }: (typeof onTheWire)[number],
  rounds: number,
  cryptofeed: number | null,
): Promise<BenchmarkResult> {
  const session = exchanges.get(exchange).createSession(kind, { everyFrame: true });
  const read = (): number => session.receive(payload, 1).records.length;
  if (read() === 0) throw new Error(`The frame of ${name} makes no record.`);
  measure(read, WARM_UP_MS);
  const { ours } = await alternate<number>(rounds, { ours: async () => measure(read, MEASURE_MS) });
  const perFrame = median(ours!)!;
  return {
    name,
    unit: 'µs CPU per frame',
    ours: perFrame,
    ...spreadOfTimes(ours!),
    peers: { cryptofeed },
    goal: "below cryptofeed's handler",
    met: cryptofeed === null ? null : perFrame < cryptofeed,
    note: `${Buffer.byteLength(payload)} bytes`,
  };
}

function spreadOfTimes(times: readonly number[]): Pick<BenchmarkResult, 'spread'> {
  const spread = spreadOf(times);
  return spread === undefined ? {} : { spread };
}

/** From the text of a frame to its checked record, beside what merely parsing its JSON takes. */
export const exchangesBenchmark: Benchmark = {
  description: 'reading frames of every exchange: classify, parse and normalise beside bare JSON.parse and cryptofeed',
  async run({ rounds, progress }) {
    const results: BenchmarkResult[] = [];
    const samples = sampleFrames.map(repeatable);
    const sampleTimes = await cryptofeedTimes(
      // HTX sends gzip alone, and its handler takes nothing else.
      samples.map(({ sample: { exchange, kind }, frame }) => ({
        exchange: exchange === 'htx' || exchange === 'upbit' ? 'none' : exchange,
        kind,
        payload: frame,
      })),
      rounds,
    );
    const wireTimes = await cryptofeedTimes(
      onTheWire.map(({ frame }) => frame),
      rounds,
    );
    const add = (result: BenchmarkResult): void => {
      const { cryptofeed } = result.peers;
      const beside = typeof cryptofeed === 'number' ? `, cryptofeed ${cryptofeed.toFixed(2)} µs` : '';
      progress(`${result.name}: ${result.ours.toFixed(2)} µs, ${result.note}${beside}`);
      results.push(result);
    };
    for (const [at, sample] of samples.entries()) add(await compare(sample, rounds, sampleTimes[at]!));
    for (const [at, wire] of onTheWire.entries()) add(await compareOnTheWire(wire, rounds, wireTimes[at]!));
    const retained = retainedBytesPerFrame(samples.map(reader), RETAINED_FRAMES);
    results.push({
      name: `retained after ${RETAINED_FRAMES.toLocaleString('en-US')} frames`,
      unit: 'bytes per frame',
      ours: retained,
      peers: {},
      goal: '0, within the noise of a heap (below 0.5)',
      met: retained < 0.5,
    });
    return { versions: await pythonVersions(['cryptofeed']), results };
  },
};
