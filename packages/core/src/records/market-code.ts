import { NaruError } from '../naru-error.js';

/** `QUOTE-BASE` in upper case. Digits occur in real symbols: `KRW-1INCH`, `USDT-1000SATS`. */
export const marketCodePattern = '^[A-Z0-9]{1,20}-[A-Z0-9]{1,20}$';

const pattern = new RegExp(marketCodePattern);

export interface MarketCode {
  /** What prices are counted in, such as `KRW`. */
  readonly quote: string;
  /** What is traded, such as `BTC`. */
  readonly base: string;
}

export function isMarketCode(code: string): boolean {
  return pattern.test(code);
}

/** Takes a market code apart. Throws `invalid_market_code`. */
export function parseMarketCode(code: string): MarketCode {
  if (!isMarketCode(code)) {
    throw new NaruError(`"${code}" is not a market code. Write QUOTE-BASE in upper case, such as KRW-BTC.`, {
      code: 'invalid_market_code',
    });
  }
  const dash = code.indexOf('-');
  return { quote: code.slice(0, dash), base: code.slice(dash + 1) };
}

/** Puts a market code together; the inverse of `parseMarketCode`. Throws `invalid_market_code`. */
export function formatMarketCode(parts: MarketCode): string {
  const code = `${parts.quote}-${parts.base}`.toUpperCase();
  parseMarketCode(code);
  return code;
}
