import type { Target } from '../records/target.js';

/** `exchange|region|request_type`: the key of metrics. (Errors and batch performance are keyed by `targetKey`.) */
export function targetMessageKey(target: Target): string {
  return `${target.exchange}|${target.region}|${target.request_type}`;
}

/** `exchange|region|request_type|symbol`: the key of acknowledgements. */
export function symbolMessageKey(target: Target, symbol: string): string {
  return `${targetMessageKey(target)}|${symbol}`;
}
