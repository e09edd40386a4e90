/** Currencies that are counted as US dollars: the dollar, and coins that are meant to be worth one. */
export const usdQuotes = ['USD', 'USDT', 'USDC', 'BUSD', 'DAI', 'FDUSD', 'PYUSD', 'TUSD', 'USD1', 'USDP'] as const;

const quotes: ReadonlySet<string> = new Set(usdQuotes);

/** Whether the prices of a market are counted in one of `usdQuotes`. */
export function isUsdQuoted(code: string): boolean {
  return quotes.has(code.slice(0, code.indexOf('-')));
}
