import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** In milliseconds. */
export interface LatencySummary {
  readonly p50: number;
  readonly p99: number;
}

/** In milliseconds. */
export interface LatencyDistribution extends LatencySummary {
  readonly mean: number;
  readonly p95: number;
}

/** The distribution of waits, to three figures, in constant memory. */
export interface Latency {
  record(ms: number): void;
  /** Adds what another one recorded. */
  add(other: Latency): void;
  /** Null before the first record. */
  summary(): LatencySummary | null;
  /** The whole picture, and begins anew. Null before the first record. */
  take(): LatencyDistribution | null;
  /** In microseconds. */
  readonly histogram: RecordableHistogram;
}

/** An hour in microseconds: longer waits count as an hour. */
const highest = 3_600_000_000;

export function createLatency(): Latency {
  const histogram = createHistogram({ lowest: 1, highest, figures: 3 });
  const summary = (): LatencySummary | null =>
    histogram.count === 0 ? null : { p50: histogram.percentile(50) / 1_000, p99: histogram.percentile(99) / 1_000 };
  return {
    histogram,
    // The wall clock may step back between receipt and acknowledgement; the least wait is a microsecond.
    record: (ms) => histogram.record(Math.min(highest, Math.max(1, Math.round(ms * 1_000)))),
    add: (other) => histogram.add(other.histogram),
    summary,
    take() {
      const short = summary();
      if (short === null) return null;
      const taken = { ...short, mean: histogram.mean / 1_000, p95: histogram.percentile(95) / 1_000 };
      histogram.reset();
      return taken;
    },
  };
}
