import type { RequestType } from '@naru/core';
import { exchanges } from '@naru/exchanges';
import type { WantedStream } from './options.js';

/** What the first run shows unless told otherwise: two exchanges, both kinds of data. */
export const shownStreams: readonly WantedStream[] = [
  { exchange: 'upbit', requestType: 'trade', symbols: ['KRW-BTC', 'KRW-ETH', 'KRW-XRP', 'KRW-SOL', 'KRW-DOGE'] },
  {
    exchange: 'binance',
    requestType: 'ticker',
    symbols: ['USDT-BTC', 'USDT-ETH', 'USDT-XRP', 'USDT-SOL', 'USDT-DOGE'],
  },
];

/** A stream and where it is found. */
export interface Place {
  readonly stream: WantedStream;
  readonly region: string;
  readonly address: string;
}

/** Region and published address of the exchange of a stream; throws in words for what is not supported. */
export function placeOf(stream: WantedStream): Place {
  if (!exchanges.supports(stream.exchange, stream.requestType)) {
    throw new Error(
      `${stream.exchange}:${stream.requestType} is not supported. Exchanges: ${exchanges.names.join(', ')}; kinds: ticker, trade, orderbook.`,
    );
  }
  const adapter = exchanges.get(stream.exchange);
  return { stream, region: adapter.region, address: adapter.addresses.default(stream.requestType as RequestType) };
}
