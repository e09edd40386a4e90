// biome-ignore lint/suspicious/noExplicitAny: frames of eleven shapes, each read once
export type Json = any;

export interface Expected {
  readonly [field: string]: unknown;
}

/** Partial records of whole frames, and deltas as `changes`. */
export interface Reading {
  readonly records?: readonly Expected[];
  readonly changes?: readonly Expected[];
}

/** How an exchange's frames are read; `code` is the market of a Bitfinex channel. */
export interface Readings {
  ticker(text: string, code: string): Reading;
  trade(text: string, code: string): Reading;
  orderbook(text: string, code: string): Reading;
}

/** `BTC/USD` as `USD-BTC`. */
export const swap = (pair: string, by: string): string => pair.toUpperCase().split(by).reverse().join('-');

const quotes = /^(.+)(USDT|USDC|BTC|BNB|ETH|USD)$/i;
/** `BTCUSDT` as `USDT-BTC`. */
export const joined = (symbol: string): string => quotes.exec(symbol)!.slice(1).reverse().join('-').toUpperCase();

/** An RFC 3339 time, to the last digit, as Unix seconds. */
export const seconds = (time: string): number =>
  Date.parse(`${time.slice(0, 19)}Z`) / 1000 + Number(`0${time.slice(19, -1)}`);

/** `[price, size]` of lists. */
export const levels = (list: Json[] | undefined): number[][] =>
  (list ?? []).map((pair) => [Number(pair[0]), Number(pair[1])]);

/** The same of objects. */
export const objects = (list: Json[]): number[][] =>
  list.map((level) => [Number(level.price ?? level.p), Number(level.qty ?? level.q)]);

export const sorted = (list: number[][], sign: number): number[][] => [...list].sort((a, b) => (a[0]! - b[0]!) * sign);

/** Levels that hold something. */
export const present = (list: number[][]): number[][] => list.filter(([price, size]) => price! > 0 && size! > 0);
