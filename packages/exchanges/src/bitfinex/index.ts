import type { ExchangeAdapter } from '../adapter.js';
import { createAddresses } from '../addresses.js';
import { defineExchange } from '../session/create-session.js';
import { bitfinexOrderbook } from './orderbook.js';
import { bitfinexProtocol } from './protocol.js';
import { bitfinexInstruments, bitfinexSymbols } from './symbols.js';
import { bitfinexTicker } from './ticker.js';
import { bitfinexTrade } from './trade.js';

/** Bitfinex v2 (https://docs.bitfinex.com): lists for objects, channel numbers for names. */
export const bitfinex: ExchangeAdapter = defineExchange(
  {
    name: 'bitfinex',
    region: 'eu',
    addresses: createAddresses({
      default: 'wss://api-pub.bitfinex.com/ws/2',
      hosts: ['api-pub.bitfinex.com'],
      paths: ['/ws/2'],
      restHosts: ['api-pub.bitfinex.com'],
    }),
    symbols: bitfinexSymbols,
    instruments: bitfinexInstruments,
    // The documentation allows 25 to 30 channels.
    limits: { symbolsPerSocket: 25, messagesPerSecond: 10, connectionsPerSecond: 20 / 60 },
    heartbeat: { type: 'text', payload: '{"event":"ping"}', intervalMs: 15_000, idleTimeoutMs: 45_000 },
    confirmation: 'explicit',
    silentAfterMs: 60_000,
  },
  {
    ticker: (context) => bitfinexProtocol(context, { reader: bitfinexTicker }),
    trade: (context) => bitfinexProtocol(context, { reader: bitfinexTrade }),
    orderbook: bitfinexOrderbook,
  },
);
