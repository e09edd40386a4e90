import type { RequestType, Target } from '@naru/core';
import { exchanges } from '@naru/exchanges';

/** One stream to be opened. */
export interface PlannedStream {
  readonly target: Target;
  readonly symbols: readonly string[];
}

const quotes: Readonly<Record<string, string>> = { korea: 'KRW', asia: 'USDT', na: 'USD', eu: 'USD' };

/** Deals markets to all exchanges in turn and gives each market every kind. */
export function planStreams(markets: number, kinds: readonly RequestType[]): PlannedStream[] {
  const { names } = exchanges;
  return names.flatMap((exchange, turn) => {
    const { region } = exchanges.get(exchange);
    const count = Math.floor(markets / names.length) + (turn < markets % names.length ? 1 : 0);
    if (count === 0) return [];
    const symbols = Array.from({ length: count }, (_, index) => `${quotes[region]}-L${index + 1}`);
    return kinds.map((kind) => ({ target: { exchange, region, request_type: kind }, symbols }));
  });
}
