import type { ExchangeAdapter } from '../adapter.js';
import { createAddresses } from '../addresses.js';
import { defineExchange } from '../session/create-session.js';
import { separatedSymbols } from '../symbols/separated.js';
import { krakenOrderbook } from './orderbook.js';
import { krakenProtocol } from './protocol.js';
import { krakenTicker } from './ticker.js';
import { krakenTrade } from './trade.js';

/** Kraken v2 (https://docs.kraken.com/exchange): checksummed books, one acknowledgement per symbol. */
export const kraken: ExchangeAdapter = defineExchange(
  {
    name: 'kraken',
    region: 'na',
    addresses: createAddresses({ default: 'wss://ws.kraken.com/v2', hosts: ['ws.kraken.com'], paths: ['/v2'] }),
    symbols: separatedSymbols('/'),
    limits: { symbolsPerSocket: 200, messagesPerSecond: 10, connectionsPerSecond: 150 / 600 },
    heartbeat: { type: 'text', payload: '{"method":"ping"}', intervalMs: 20_000, idleTimeoutMs: 45_000 },
    confirmation: 'explicit',
    silentAfterMs: 60_000,
  },
  {
    ticker: (context) => krakenProtocol(context, { parameters: { snapshot: true }, reader: krakenTicker }),
    trade: (context) => krakenProtocol(context, { parameters: { snapshot: true }, reader: krakenTrade() }),
    orderbook: krakenOrderbook,
  },
);
