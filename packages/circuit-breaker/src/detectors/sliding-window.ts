import type { Clock } from '@naru/core';

interface Bucket {
  /** Which span of time it counts; spans are numbered from the clock's beginning. */
  span: number;
  calls: number;
  hits: number;
}

const bucketCount = 20;

/**
 * Counts calls and hits of the last `windowMs`, in twentieths of it. A bucket knows its span, so whatever is older than the
 * window does not count, however long nothing was called.
 */
export class SlidingWindow {
  readonly #clock: Clock;
  readonly #spanMs: number;
  readonly #buckets: Bucket[] = Array.from({ length: bucketCount }, () => ({
    span: Number.NEGATIVE_INFINITY,
    calls: 0,
    hits: 0,
  }));

  constructor(windowMs: number, clock: Clock) {
    this.#clock = clock;
    this.#spanMs = windowMs / bucketCount;
  }

  add(hit: boolean): void {
    const span = this.#span();
    const bucket = this.#buckets[span % bucketCount]!;
    if (bucket.span !== span) {
      bucket.span = span;
      bucket.calls = 0;
      bucket.hits = 0;
    }
    bucket.calls += 1;
    if (hit) bucket.hits += 1;
  }

  totals(): { readonly calls: number; readonly hits: number } {
    const oldest = this.#span() - bucketCount + 1;
    let calls = 0;
    let hits = 0;
    for (const bucket of this.#buckets) {
      if (bucket.span < oldest) continue;
      calls += bucket.calls;
      hits += bucket.hits;
    }
    return { calls, hits };
  }

  clear(): void {
    for (const bucket of this.#buckets) bucket.span = Number.NEGATIVE_INFINITY;
  }

  /** Buckets as [age in spans, calls, hits], oldest first; monotonic times mean nothing to another process. */
  toJSON(): [age: number, calls: number, hits: number][] {
    const span = this.#span();
    return this.#buckets
      .filter((bucket) => bucket.span > span - bucketCount)
      .sort((a, b) => a.span - b.span)
      .map(({ span: of, calls, hits }) => [span - of, calls, hits]);
  }

  restore(state: unknown): void {
    if (!Array.isArray(state)) return;
    const span = this.#span();
    for (const entry of state) {
      const [age, calls, hits] = Array.isArray(entry) ? (entry as unknown[]) : [];
      if (!isCount(age) || !isCount(calls) || !isCount(hits) || age >= bucketCount || hits > calls) continue;
      // The clock may be younger than the window; such a bucket cannot be placed and would soon be over anyway.
      if (span - age < 0) continue;
      Object.assign(this.#buckets[(span - age) % bucketCount]!, { span: span - age, calls, hits });
    }
  }

  #span(): number {
    return Math.floor(this.#clock.monotonic() / this.#spanMs);
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
