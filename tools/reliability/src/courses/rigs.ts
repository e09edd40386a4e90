import type { Lengths } from '../course.js';
import type { RigOptions } from '../rig.js';

/** Frames a second of most courses. */
export const usualRate: Lengths = { whole: 2_000, short: 500 };

/** One gateway of three exchanges. */
export const alone = (changes: Partial<RigOptions> = {}): RigOptions => ({
  exchanges: ['upbit', 'binance', 'okx'],
  markets: 4,
  gateways: 1,
  ...changes,
});

/** Gateways that share the streams of five exchanges. */
export const fleet = (short: boolean, changes: Partial<RigOptions> = {}): RigOptions => ({
  exchanges: ['upbit', 'binance', 'okx', 'bybit', 'bithumb'],
  markets: 3,
  gateways: short ? 2 : 3,
  ...changes,
});

/** Settings with a lease of that many milliseconds. */
export const leasesOf = (ms: number): Readonly<Record<string, string>> => ({ NARU_LEASE_MS: String(ms) });
