import type { ProtocolContext } from '../session/create-session.js';
import type { Market } from '../session/markets.js';
import type { UpbitReader } from '../upbit/protocol.js';

/** Passes over a frame that repeats a market's last one, as nearly half of Bithumb's do on busy markets. */
export function withoutRepeats({ repeats }: ProtocolContext, reader: UpbitReader): UpbitReader {
  if (repeats) return reader;
  const last = new WeakMap<Market, string>();
  return (data, market, text, reading) => {
    if (last.get(market) === text) return;
    last.set(market, text);
    reader(data, market, text, reading);
  };
}
