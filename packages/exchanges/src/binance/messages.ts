import type { RequestType } from '@naru/core';
import type { Outgoing } from '../adapter.js';
import type { Market, MarketChange } from '../session/markets.js';
import { partsOf, type Requests } from '../session/requests.js';

const streams: Readonly<Record<RequestType, string>> = {
  ticker: '@ticker',
  trade: '@trade',
  orderbook: '@depth@100ms',
};

/** Streams in one request: few enough for a frame of about 2 KB, as only five frames a second are allowed. */
const streamsPerRequest = 100;

/** `{"method":"SUBSCRIBE","params":["btcusdt@trade",…],"id":1}`, and the same with UNSUBSCRIBE. */
export function changeStreams(kind: RequestType, change: MarketChange, requests: Requests): Outgoing[] {
  const frame = (method: string, markets: readonly Market[], id: number): Outgoing => ({
    payload: JSON.stringify({ method, params: markets.map((market) => market.wire.toLowerCase() + streams[kind]), id }),
  });
  return [
    ...partsOf(change.removed, streamsPerRequest).map((part) => frame('UNSUBSCRIBE', part, requests.open([]))),
    ...partsOf(change.added, streamsPerRequest).map((part) => frame('SUBSCRIBE', part, requests.open(part))),
  ];
}
