import { exchanges } from '@naru/exchanges';
import type { SampleFrames } from '@naru/exchanges/testing';
import { sampleFrames } from '@naru/exchanges/testing';
import type { Benchmark, BenchmarkResult } from '../harness/benchmark.js';
import { alternate, median } from '../harness/rounds.js';
import { retainedBytesPerFrame } from './retained.js';

/** How long one contestant reads one frame in one round. */
const MEASURE_MS = 25;
const WARM_UP_MS = 50;
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

async function compare(item: Repeatable, rounds: number): Promise<BenchmarkResult> {
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
    peers: { 'bare JSON.parse': perParse },
    goal: '≤ 10 µs per KB and ≤ 2 × JSON.parse',
    met: perFrame / Math.max(1, kilobytes) <= 10 && perFrame <= 2 * perParse,
    note: `${Buffer.byteLength(frame)} bytes, ${(perFrame / perParse).toFixed(2)} × JSON.parse`,
  };
}

/** From the text of a frame to its checked record, beside what merely parsing its JSON takes. */
export const exchangesBenchmark: Benchmark = {
  description: 'reading frames of every exchange: classify, parse and normalise beside bare JSON.parse',
  async run({ rounds, progress }) {
    const results: BenchmarkResult[] = [];
    for (const sample of sampleFrames) {
      const result = await compare(repeatable(sample), rounds);
      progress(`${result.name}: ${result.ours.toFixed(2)} µs, ${result.note}`);
      results.push(result);
    }
    const retained = retainedBytesPerFrame(
      sampleFrames.map((sample) => reader(repeatable(sample))),
      RETAINED_FRAMES,
    );
    results.push({
      name: `retained after ${RETAINED_FRAMES.toLocaleString('en-US')} frames`,
      unit: 'bytes per frame',
      ours: retained,
      peers: {},
      goal: '0, within the noise of a heap (below 0.5)',
      met: retained < 0.5,
    });
    return { versions: {}, results };
  },
};
