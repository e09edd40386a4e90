import type { RateSource } from './rate-source.js';

/** A rate that somebody decided on. Its time is when the process took it over, Unix seconds. */
export function createFixedRate(krwPerUsd: number, at: number): RateSource {
  const rate = { krwPerUsd, source: 'fixed', at };
  return { current: () => rate, advice: 'A fixed rate is always there.' };
}
