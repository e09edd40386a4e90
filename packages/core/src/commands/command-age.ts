import type { ConnectAndSubscribe, Moment } from './connect-and-subscribe.js';

// Unix seconds stay below 10^11 until the year 5138; milliseconds passed it in 1973.
const firstMilliseconds = 1e11;

/** Unix milliseconds of a moment in any of its notations. */
export function momentToUnixMs(moment: Moment): number {
  if (typeof moment === 'string') return Date.parse(moment);
  return moment < firstMilliseconds ? moment * 1_000 : moment;
}

/** When the command was issued, in Unix milliseconds: `ts_issue`, else `timestamp`; undefined without either. */
export function commandIssuedAt(command: ConnectAndSubscribe): number | undefined {
  const moment = command.ts_issue ?? command.timestamp;
  return moment === undefined ? undefined : momentToUnixMs(moment);
}

/**
 * Whether the command outlived its `ttl_ms` at `nowMs`. One that does not say when it was issued is measured
 * from `fallbackMs`: pass the time of its Kafka message.
 */
export function isCommandExpired(command: ConnectAndSubscribe, nowMs: number, fallbackMs?: number): boolean {
  const issuedAt = commandIssuedAt(command) ?? fallbackMs;
  return command.ttl_ms !== undefined && issuedAt !== undefined && nowMs - issuedAt > command.ttl_ms;
}
