import type { ExchangeAdapter } from '../adapter.js';
import { createAddresses } from '../addresses.js';
import { defineExchange } from '../session/create-session.js';
import { joinedSymbols } from '../symbols/joined.js';
import { binanceInstruments, binanceQuotes } from './instruments.js';
import { binanceOrderbook } from './orderbook.js';
import { binanceProtocol } from './protocol.js';
import { binanceTicker } from './ticker.js';
import { binanceTrade } from './trade.js';

/** Binance spot (https://github.com/binance/binance-spot-api-docs): the server pings, and closes after a day. */
export const binance: ExchangeAdapter = defineExchange(
  {
    name: 'binance',
    region: 'asia',
    addresses: createAddresses({
      default: 'wss://stream.binance.com:9443/ws',
      hosts: ['stream.binance.com', 'data-stream.binance.vision'],
      ports: [9443],
      paths: ['/ws', '/stream'],
      restHosts: ['api.binance.com', 'data-api.binance.vision'],
    }),
    symbols: joinedSymbols(binanceQuotes),
    instruments: binanceInstruments,
    limits: { symbolsPerSocket: 1024, messagesPerSecond: 5, connectionsPerSecond: 1, maxConnectionAgeMs: 86_400_000 },
    // A protocol ping arrives every 20 s, so a quiet minute means a dead socket.
    heartbeat: { type: 'server', idleTimeoutMs: 60_000 },
    confirmation: 'explicit',
    silentAfterMs: 60_000,
  },
  {
    ticker: (context) => binanceProtocol(context, binanceTicker(context)),
    trade: (context) => binanceProtocol(context, binanceTrade(context)),
    orderbook: binanceOrderbook,
  },
);
