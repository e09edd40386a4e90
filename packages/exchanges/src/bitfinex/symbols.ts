import type { InstrumentSource, SymbolRules } from '../adapter.js';
import { ExchangeError } from '../exchange-error.js';
import { marketCodeOf, splitMarketCode } from '../symbols/market-code.js';

/** The exchange's own short names and what everybody else calls them; its `pub:map:currency:sym` is newer. */
const shippedAliases: readonly (readonly [own: string, common: string])[] = [
  ['UST', 'USDT'],
  ['UDC', 'USDC'],
  ['TSD', 'TUSD'],
  ['EUT', 'EURT'],
  ['WBT', 'WBTC'],
  ['DSH', 'DASH'],
  ['IOT', 'IOTA'],
  ['QTM', 'QTUM'],
  ['DAT', 'DATA'],
  ['ALG', 'ALGO'],
  ['ATO', 'ATOM'],
  ['AMP', 'AMPL'],
  ['GNT', 'GLM'],
  ['MNA', 'MANA'],
  ['STJ', 'STORJ'],
  ['XCH', 'XCHF'],
];

const toCommon = new Map(shippedAliases);
const toOwn = new Map(shippedAliases.map(([own, common]) => [common, own]));

/** Base and quote of `BTCUSD` or `DUSK:USD`, in the exchange's names. */
function splitPair(pair: string): readonly [base: string, quote: string] | undefined {
  const colon = pair.indexOf(':');
  if (colon >= 0) return [pair.slice(0, colon), pair.slice(colon + 1)];
  return pair.length === 6 ? [pair.slice(0, 3), pair.slice(3)] : undefined;
}

function codeOf(pair: string, aliases: ReadonlyMap<string, string>): string | undefined {
  const parts = splitPair(pair);
  if (parts === undefined) return undefined;
  const [base, quote] = parts;
  return marketCodeOf(aliases.get(quote) ?? quote, aliases.get(base) ?? base);
}

/** `tBTCUSD`; with a colon where either name is longer than three letters: `tDUSK:USD`. `f…` are no markets. */
export const bitfinexSymbols: SymbolRules = {
  toWire(code) {
    const [quote, base] = splitMarketCode(code).map((name) => toOwn.get(name) ?? name) as [string, string];
    return base.length === 3 && quote.length === 3 ? `t${base}${quote}` : `t${base}:${quote}`;
  },
  toCode: (wire) => (wire.startsWith('t') ? codeOf(wire.slice(1), toCommon) : undefined),
};

/** `[["BTCUSD","DUSK:USD",…],[["UST","USDt"],…]]`: the pairs, then the aliases. */
export const bitfinexInstruments: InstrumentSource = {
  url: 'https://api-pub.bitfinex.com/v2/conf/pub:list:pair:exchange,pub:map:currency:sym',
  read(body) {
    let answer: unknown;
    try {
      answer = JSON.parse(body);
    } catch (cause) {
      throw new ExchangeError('invalid_instruments', 'The instrument list is not JSON; fetch it again.', cause);
    }
    const [pairs, map] = Array.isArray(answer) ? answer : [];
    if (!Array.isArray(pairs) || !Array.isArray(map)) {
      throw new ExchangeError('invalid_instruments', 'The answer holds no pairs and aliases; check the address.');
    }
    const aliases = new Map(toCommon);
    for (const entry of map) {
      if (Array.isArray(entry) && typeof entry[0] === 'string' && typeof entry[1] === 'string') {
        aliases.set(entry[0], entry[1].toUpperCase());
      }
    }
    const codes = new Map<string, string>();
    for (const pair of pairs) {
      const code = typeof pair === 'string' ? codeOf(pair, aliases) : undefined;
      if (code !== undefined) codes.set(`t${pair}`, code);
    }
    return codes;
  },
};
