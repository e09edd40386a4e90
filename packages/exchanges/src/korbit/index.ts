import type { ExchangeAdapter } from '../adapter.js';
import { createAddresses } from '../addresses.js';
import { defineExchange } from '../session/create-session.js';
import { separatedSymbols } from '../symbols/separated.js';
import { korbitOrderbook } from './orderbook.js';
import { korbitProtocol } from './protocol.js';
import { korbitTicker } from './ticker.js';
import { korbitTrade } from './trade.js';

/** Korbit, also Digital X (https://docs.korbit.co.kr): symbols in lower case, whole books, a server that pings. */
export const korbit: ExchangeAdapter = defineExchange(
  {
    name: 'korbit',
    region: 'korea',
    addresses: createAddresses({
      default: 'wss://ws-api.korbit.co.kr/v2/public',
      hosts: ['ws-api.korbit.co.kr', 'ws-api.digitalx.miraeasset.com'],
      paths: ['/v2/public'],
    }),
    symbols: separatedSymbols('_', 'lower'),
    limits: { symbolsPerSocket: 300, messagesPerSecond: 5 },
    // The server pings every 30 s; our own pings, which it answers, notice a dead socket sooner.
    heartbeat: { type: 'frame-ping', intervalMs: 20_000, idleTimeoutMs: 75_000 },
    confirmation: 'explicit',
    silentAfterMs: 30_000,
  },
  {
    ticker: (context) => korbitProtocol(context, korbitTicker),
    trade: (context) => korbitProtocol(context, korbitTrade()),
    orderbook: korbitOrderbook,
  },
);
