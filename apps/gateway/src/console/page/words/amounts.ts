/** Numbers, amounts and times as people read them. Everything takes what may be absent and says so with a dash. */
type Maybe = number | null | undefined;

const none = '–';
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const small = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

export function countWords(count: Maybe): string {
  return isThere(count) ? whole.format(count) : none;
}

/** Something a second: below ten with a decimal, because a stream of one in five seconds is not silent. */
export function rateWords(perSecond: Maybe): string {
  if (!isThere(perSecond)) return none;
  return perSecond > 0 && perSecond < 10 ? small.format(Math.max(0.1, perSecond)) : whole.format(perSecond);
}

export function byteWords(bytes: Maybe): string {
  if (!isThere(bytes)) return none;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let [amount, unit] = [bytes, 0];
  while (amount >= 1_024 && unit < units.length - 1) {
    amount /= 1_024;
    unit += 1;
  }
  return `${amount < 10 && unit > 0 ? small.format(amount) : whole.format(amount)} ${units[unit]}`;
}

/** A wait or an age, in one unit or two. */
export function timeWords(ms: Maybe): string {
  if (!isThere(ms)) return none;
  if (ms < 1_000) return `${ms > 0 && ms < 10 ? small.format(ms) : whole.format(ms)} ms`;
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 60) return `${seconds < 10 ? small.format(Math.floor(ms / 100) / 10) : seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return two(minutes, 'm', seconds % 60, 's');
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? two(hours, 'h', minutes % 60, 'm') : two(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** Unix milliseconds as the time of day here, with the date when it is another one. */
export function clockWords(at: number, now: number): string {
  const [then, today] = [new Date(at), new Date(now)];
  const time = `${[then.getHours(), then.getMinutes(), then.getSeconds()].map(padded).join(':')}`;
  if (then.toDateString() === today.toDateString()) return time;
  return `${then.getFullYear()}-${padded(then.getMonth() + 1)}-${padded(then.getDate())} ${time}`;
}

function two(large: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${large} ${unit}` : `${large} ${unit} ${rest} ${restUnit}`;
}

function padded(part: number): string {
  return String(part).padStart(2, '0');
}

function isThere(value: Maybe): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
