import type { InstrumentList } from '../adapter.js';
import { ExchangeError } from '../exchange-error.js';
import { isObject, type JsonObject } from '../reading/json.js';
import { marketCodeOf } from './market-code.js';

/**
 * Reads an instrument list that is an array of objects somewhere in a JSON answer. Instruments without a market code
 * (symbols outside A–Z and 0–9) are left out.
 * @throws ExchangeError `invalid_instruments` when the answer is not such a list
 */
export function readInstruments(
  body: string,
  listOf: (root: JsonObject) => unknown,
  symbolKey: string,
  baseKey: string,
  quoteKey: string,
): InstrumentList {
  let root: unknown;
  try {
    root = JSON.parse(body);
  } catch (cause) {
    throw new ExchangeError('invalid_instruments', 'The instrument list is not JSON; fetch it again.', cause);
  }
  const list = isObject(root) ? listOf(root) : undefined;
  if (!Array.isArray(list)) {
    throw new ExchangeError('invalid_instruments', 'The answer holds no instrument list; check the address.');
  }
  const codes = new Map<string, string>();
  for (const entry of list) {
    if (!isObject(entry)) continue;
    const { [symbolKey]: symbol, [baseKey]: base, [quoteKey]: quote } = entry;
    if (typeof symbol !== 'string' || typeof base !== 'string' || typeof quote !== 'string') continue;
    const code = marketCodeOf(quote, base);
    if (code !== undefined) codes.set(symbol, code);
  }
  return codes;
}
