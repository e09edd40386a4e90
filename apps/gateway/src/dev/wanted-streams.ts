import type { RequestType, Target } from '@naru/core';
import { exchanges } from '@naru/exchanges';
import { CommandFailure } from '../command/ending/command-failure.js';

/** One stream to be opened. */
export interface WantedStream {
  readonly target: Target;
  readonly symbols: readonly string[];
  /** The exchange's own address. */
  readonly address: string;
}

/** What is shown unless told otherwise: two exchanges, two kinds of data. */
export const shownStreams: readonly string[] = [
  'upbit:trade:KRW-BTC,KRW-ETH,KRW-XRP,KRW-SOL,KRW-DOGE',
  'binance:ticker:USDT-BTC,USDT-ETH,USDT-XRP,USDT-SOL,USDT-DOGE',
];

/** Reads `exchange:kind:symbol[,symbol…]`. */
export function readWantedStream(text: string): WantedStream {
  const [exchange, kind, symbols, ...rest] = text.split(':');
  if (!exchange || !kind || !symbols || rest.length > 0) {
    throw new CommandFailure(
      'usage',
      `"${text}" is no stream. Write exchange:kind:symbol, such as upbit:ticker:KRW-BTC.`,
    );
  }
  if (!exchanges.supports(exchange, kind)) {
    throw new CommandFailure(
      'usage',
      `${exchange}:${kind} is not supported. Exchanges: ${exchanges.names.join(', ')}; kinds: ticker, trade, orderbook.`,
    );
  }
  const adapter = exchanges.get(exchange);
  const requestType = kind as RequestType;
  return {
    target: { exchange, region: adapter.region, request_type: requestType },
    symbols: symbols.split(','),
    address: adapter.addresses.default(requestType),
  };
}
