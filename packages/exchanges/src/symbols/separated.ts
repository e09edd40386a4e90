import { isMarketCode } from '@naru/core';
import type { SymbolRules } from '../adapter.js';
import { marketCodeOf, splitMarketCode } from './market-code.js';

/** Rules of exchanges that write the market code itself. */
export const plainSymbols: SymbolRules = {
  toWire: (code) => code,
  toCode: (wire) => (isMarketCode(wire) ? wire : undefined),
};

/** Rules of exchanges that write `BASE<separator>QUOTE`, such as `BTC/USD` or `btc_krw`. */
export function separatedSymbols(separator: string, letterCase: 'upper' | 'lower' = 'upper'): SymbolRules {
  return {
    toWire(code) {
      const [quote, base] = splitMarketCode(code);
      const wire = `${base}${separator}${quote}`;
      return letterCase === 'lower' ? wire.toLowerCase() : wire;
    },
    toCode(wire) {
      const parts = wire.split(separator);
      return parts.length === 2 ? marketCodeOf(parts[1]!, parts[0]!) : undefined;
    },
  };
}
