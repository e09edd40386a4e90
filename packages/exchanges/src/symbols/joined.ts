import type { SymbolRules } from '../adapter.js';
import { marketCodeOf, splitMarketCode } from './market-code.js';

/**
 * Rules of exchanges that write base and quote without anything between (`BTCUSDT`). Which is which follows from the
 * longest known quote at the end; an instrument list overrides this where it is loaded.
 */
export function joinedSymbols(quotes: readonly string[], letterCase: 'upper' | 'lower' = 'upper'): SymbolRules {
  const longestFirst = [...quotes].sort((a, b) => b.length - a.length);
  return {
    toWire(code) {
      const [quote, base] = splitMarketCode(code);
      return letterCase === 'lower' ? (base + quote).toLowerCase() : base + quote;
    },
    toCode(wire) {
      const symbol = wire.toUpperCase();
      for (const quote of longestFirst) {
        if (symbol.length > quote.length && symbol.endsWith(quote)) {
          return marketCodeOf(quote, symbol.slice(0, -quote.length));
        }
      }
      return undefined;
    },
  };
}
