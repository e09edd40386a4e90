import { toNumber } from './numbers.js';

/**
 * Unix seconds of an exchange's epoch time. Some markets of one exchange count milliseconds and others microseconds,
 * so the magnitude decides: today is 1.8e12 in milliseconds and 1.8e15 in microseconds.
 */
export function epochSeconds(value: unknown): number {
  const number = toNumber(value);
  if (!(number > 0)) return Number.NaN;
  return number >= 1e15 ? number / 1e6 : number / 1e3;
}

/**
 * Unix seconds of an RFC 3339 time in UTC, with its microseconds (which `Date` would cut to milliseconds).
 * NaN for anything else, and for the zero times (year 1 or 1970) that stand for "none".
 */
export function rfc3339Seconds(value: unknown): number {
  if (typeof value !== 'string' || value.length < 20 || value.charCodeAt(value.length - 1) !== 90) return Number.NaN;
  const whole = Date.parse(`${value.slice(0, 19)}Z`);
  if (!(whole > 0)) return Number.NaN;
  if (value.charCodeAt(19) !== 46) return value.length === 20 ? whole / 1000 : Number.NaN;
  const fraction = toNumber(value.slice(19, -1));
  return fraction >= 0 ? whole / 1000 + fraction : Number.NaN;
}
