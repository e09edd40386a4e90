import { isMarketCode } from '@naru/core';

/** The market code of a quote and a base in any case, or undefined when they do not make one. */
export function marketCodeOf(quote: string, base: string): string | undefined {
  const code = `${quote}-${base}`.toUpperCase();
  return isMarketCode(code) ? code : undefined;
}

/** Quote and base of a valid market code. */
export function splitMarketCode(code: string): readonly [quote: string, base: string] {
  const dash = code.indexOf('-');
  return [code.slice(0, dash), code.slice(dash + 1)];
}
