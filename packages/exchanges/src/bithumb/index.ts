import type { ExchangeAdapter } from '../adapter.js';
import { createAddresses } from '../addresses.js';
import { defineExchange } from '../session/create-session.js';
import { plainSymbols } from '../symbols/separated.js';
import { upbitOrderbook } from '../upbit/orderbook.js';
import { upbitProtocol } from '../upbit/protocol.js';
import { upbitTicker } from '../upbit/ticker.js';
import { upbitTrade } from '../upbit/trade.js';
import { withoutRepeats } from './without-repeats.js';

/**
 * Bithumb (https://apidocs.bithumb.com) speaks Upbit's protocol. Its day begins at midnight in Korea, its trade ids
 * have 19 digits, its order books count microseconds, and it repeats itself.
 */
export const bithumb: ExchangeAdapter = defineExchange(
  {
    name: 'bithumb',
    region: 'korea',
    addresses: createAddresses({
      default: 'wss://ws-api.bithumb.com/websocket/v1',
      hosts: ['ws-api.bithumb.com'],
      paths: ['/websocket/v1'],
    }),
    symbols: plainSymbols,
    // 493 codes on one socket are known to work. Too many connections bring a ban of ten minutes.
    limits: { symbolsPerSocket: 500, messagesPerSecond: 5, connectionsPerSecond: 10 },
    heartbeat: { type: 'frame-ping', intervalMs: 15_000, idleTimeoutMs: 60_000 },
    confirmation: 'first-data',
    silentAfterMs: 10_000,
  },
  {
    ticker: (context) => upbitProtocol(context, withoutRepeats(context, upbitTicker('kst_day'))),
    trade: (context) => upbitProtocol(context, withoutRepeats(context, upbitTrade())),
    orderbook: (context) => upbitOrderbook(context, (reader) => withoutRepeats(context, reader)),
  },
);
