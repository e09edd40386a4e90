import type { ExchangeAdapter } from '../adapter.js';
import { createAddresses } from '../addresses.js';
import { defineExchange } from '../session/create-session.js';
import { separatedSymbols } from '../symbols/separated.js';
import { okxOrderbook } from './orderbook.js';
import { okxProtocol } from './protocol.js';
import { okxTicker } from './ticker.js';
import { okxTrade } from './trade.js';

/** OKX v5 spot (https://www.okx.com/docs-v5/en). */
export const okx: ExchangeAdapter = defineExchange(
  {
    name: 'okx',
    region: 'asia',
    addresses: createAddresses({
      default: 'wss://ws.okx.com:8443/ws/v5/public',
      hosts: ['ws.okx.com', 'wseea.okx.com', 'wsus.okx.com'],
      ports: [8443],
      paths: ['/ws/v5/public'],
      restHosts: ['www.okx.com'],
    }),
    symbols: separatedSymbols('-'),
    // 480 subscriptions and unsubscriptions an hour; one request carries many.
    limits: { symbolsPerSocket: 500, messagesPerSecond: 3, connectionsPerSecond: 3 },
    // Thirty seconds without traffic close the socket.
    heartbeat: { type: 'text', payload: 'ping', intervalMs: 15_000, idleTimeoutMs: 30_000 },
    confirmation: 'explicit',
    silentAfterMs: 60_000,
  },
  {
    ticker: (context) => okxProtocol(context, okxTicker(context)),
    trade: (context) => okxProtocol(context, okxTrade(context)),
    orderbook: okxOrderbook,
  },
);
