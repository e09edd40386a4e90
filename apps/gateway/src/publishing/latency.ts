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

/**
 * The distribution of waits, within 1 % of each, in constant memory (27 KiB). In plain arrays, because the histograms
 * of `node:perf_hooks` can be added but not subtracted: what came since a moment needs both.
 */
export interface Latency {
  record(ms: number): void;
  /** Adds what another one recorded. */
  add(other: Latency): void;
  /** What was recorded since `earlier`, a copy of this one. */
  since(earlier: Latency): Latency;
  copy(): Latency;
  /** Null before the first record. */
  summary(): LatencySummary | null;
  /** The whole picture. Null before the first record. */
  distribution(): LatencyDistribution | null;
  /** The whole picture, and begins anew. Null before the first record. */
  take(): LatencyDistribution | null;
  /** Records by bucket: `bucketOf` their wait. */
  readonly counts: Float64Array;
  /** Of all waits, in microseconds. */
  readonly sum: number;
}

/** An hour in microseconds: longer waits count as an hour. */
const highest = 3_600_000_000;

/** Buckets to each doubling of the wait, as a power of two: a wait is known to within 1/128. */
const bucketBits = 7;

/** Waits below 256 µs have a bucket each; above, each doubling has 128, equally wide. */
function bucketOf(microseconds: number): number {
  const doublings = Math.max(0, 31 - Math.clz32(microseconds) - bucketBits);
  return (doublings << bucketBits) + (microseconds >>> doublings);
}

/** The middle of a bucket, in microseconds. */
function waitOf(bucket: number): number {
  const doublings = Math.max(0, (bucket >> bucketBits) - 1);
  const first = (bucket - (doublings << bucketBits)) * 2 ** doublings;
  return first + (2 ** doublings - 1) / 2;
}

const buckets = bucketOf(highest) + 1;

export function createLatency(counts: Float64Array = new Float64Array(buckets), sum = 0): Latency {
  const count = (): number => counts.reduce((total, waits) => total + waits, 0);

  /** In milliseconds: the wait that `share` (0 to 1) of `total` do not exceed. */
  const percentile = (share: number, total: number): number => {
    let left = Math.max(1, Math.ceil(share * total));
    let bucket = 0;
    for (; bucket < buckets - 1; bucket += 1) {
      left -= counts[bucket]!;
      if (left <= 0) break;
    }
    return waitOf(bucket) / 1_000;
  };

  const distribution = (): LatencyDistribution | null => {
    const total = count();
    if (total === 0) return null;
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => percentile(share, total)) as [number, number, number];
    return { mean: sum / total / 1_000, p50, p95, p99 };
  };

  return {
    counts,
    get sum() {
      return sum;
    },
    record(ms) {
      // The wall clock may step back between receipt and acknowledgement; the least wait is a microsecond.
      const microseconds = Math.min(highest, Math.max(1, Math.round(ms * 1_000)));
      counts[bucketOf(microseconds)]! += 1;
      sum += microseconds;
    },
    add(other) {
      for (let bucket = 0; bucket < buckets; bucket += 1) counts[bucket]! += other.counts[bucket]!;
      sum += other.sum;
    },
    since: (earlier) =>
      createLatency(
        counts.map((waits, bucket) => waits - earlier.counts[bucket]!),
        sum - earlier.sum,
      ),
    copy: () => createLatency(counts.slice(), sum),
    summary() {
      const total = count();
      return total === 0 ? null : { p50: percentile(0.5, total), p99: percentile(0.99, total) };
    },
    distribution,
    take() {
      const taken = distribution();
      counts.fill(0);
      sum = 0;
      return taken;
    },
  };
}
