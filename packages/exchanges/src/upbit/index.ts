import type { ExchangeAdapter } from '../adapter.js';
import { createAddresses } from '../addresses.js';
import { defineExchange } from '../session/create-session.js';
import { plainSymbols } from '../symbols/separated.js';
import { upbitOrderbook } from './orderbook.js';
import { upbitProtocol } from './protocol.js';
import { upbitTicker } from './ticker.js';
import { upbitTrade } from './trade.js';

/** Upbit (https://docs.upbit.com): binary frames, one list per socket, no acknowledgements, no refusals. */
export const upbit: ExchangeAdapter = defineExchange(
  {
    name: 'upbit',
    region: 'korea',
    addresses: createAddresses({
      default: 'wss://api.upbit.com/websocket/v1',
      hosts: ['api.upbit.com', 'sg-api.upbit.com', 'id-api.upbit.com', 'th-api.upbit.com'],
      paths: ['/websocket/v1'],
    }),
    symbols: plainSymbols,
    // 855 codes on one socket are known to work; messages are limited to 100 a minute as well.
    limits: { symbolsPerSocket: 1000, messagesPerSecond: 5, connectionsPerSecond: 5 },
    // The server documents 120 s of silence and cuts after 60.
    heartbeat: { type: 'frame-ping', intervalMs: 15_000, idleTimeoutMs: 60_000 },
    confirmation: 'first-data',
    // A listed market answers with its SNAPSHOT within half a second.
    silentAfterMs: 10_000,
  },
  {
    ticker: (context) => upbitProtocol(context, upbitTicker('utc_day')),
    trade: (context) => upbitProtocol(context, upbitTrade()),
    orderbook: (context) => upbitOrderbook(context),
  },
);
