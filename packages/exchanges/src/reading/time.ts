import { toNumber } from './numbers.js';

/** Later than any time that can be meant: microseconds of the year 5138. */
const tooLate = 1e17;

/**
 * Unix seconds of an exchange's epoch time. Some markets of one exchange count milliseconds and others microseconds,
 * so the magnitude decides: today is 1.8e12 in milliseconds and 1.8e15 in microseconds. NaN for what is no time.
 */
export function epochSeconds(value: unknown): number {
  const number = toNumber(value);
  if (!(number > 0 && number < tooLate)) return Number.NaN;
  return number >= 1e15 ? number / 1e6 : number / 1e3;
}

/**
 * Unix seconds of an RFC 3339 time in UTC, with its microseconds (which `Date` would cut to milliseconds).
 * NaN for anything else, and for the zero times (year 1 or 1970) that stand for "none".
 *
 *     2026-08-25T03:35:57.198335Z
 */
export function rfc3339Seconds(value: unknown): number {
  if (typeof value !== 'string' || value.length < 20 || value.charCodeAt(value.length - 1) !== 90) return Number.NaN;
  if (!separated(value)) return Number.NaN;
  const year = digitsAt(value, 0, 4);
  const month = digitsAt(value, 5, 7);
  const day = digitsAt(value, 8, 10);
  const hour = digitsAt(value, 11, 13);
  const minute = digitsAt(value, 14, 16);
  const second = digitsAt(value, 17, 19);
  if (!(year > 1970 && month >= 1 && month <= 12 && day >= 1 && day <= 31)) return Number.NaN;
  if (!(hour <= 23 && minute <= 59 && second <= 60)) return Number.NaN;
  const whole = daysSinceEpoch(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
  if (value.length === 20) return whole;
  const decimals = value.length - 21;
  if (value.charCodeAt(19) !== 46 || decimals < 1 || decimals > 9) return Number.NaN;
  return whole + digitsAt(value, 20, value.length - 1) / 10 ** decimals;
}

const separated = (text: string): boolean =>
  text.charCodeAt(4) === 45 &&
  text.charCodeAt(7) === 45 &&
  text.charCodeAt(10) === 84 &&
  text.charCodeAt(13) === 58 &&
  text.charCodeAt(16) === 58;

/** The integer that stands from `from` to before `to`, or NaN. */
function digitsAt(text: string, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

/** Days from 1 January 1970 in the Gregorian calendar: years are counted from March, so that leap days come last. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
