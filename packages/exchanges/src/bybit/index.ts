import type { ExchangeAdapter } from '../adapter.js';
import { createAddresses } from '../addresses.js';
import { isObject } from '../reading/json.js';
import { defineExchange } from '../session/create-session.js';
import { readInstruments } from '../symbols/instruments.js';
import { joinedSymbols } from '../symbols/joined.js';
import { bybitOrderbook } from './orderbook.js';
import { bybitProtocol } from './protocol.js';
import { bybitTicker } from './ticker.js';
import { bybitTrade } from './trade.js';

const quotes = 'USDT USDC USDE USD1 USDR USDQ EUR GBP BRL TRY PLN RUB BTC ETH SOL MNT DAI BRZ'.split(' ');

/** Bybit v5 spot (https://bybit-exchange.github.io/docs/v5). */
export const bybit: ExchangeAdapter = defineExchange(
  {
    name: 'bybit',
    region: 'asia',
    addresses: createAddresses({
      default: 'wss://stream.bybit.com/v5/public/spot',
      hosts: ['stream.bybit.com'],
      paths: ['/v5/public/spot'],
      restHosts: ['api.bybit.com'],
    }),
    symbols: joinedSymbols(quotes),
    instruments: {
      url: 'https://api.bybit.com/v5/market/instruments-info?category=spot',
      read: (body) =>
        readInstruments(
          body,
          (root) => (isObject(root.result) ? root.result.list : undefined),
          'symbol',
          'baseCoin',
          'quoteCoin',
        ),
    },
    // The arguments of one connection may hold 21,000 characters.
    limits: { symbolsPerSocket: 600, messagesPerSecond: 10, connectionsPerIp: 1000, connectionsPerSecond: 1 },
    heartbeat: { type: 'text', payload: '{"op":"ping"}', intervalMs: 20_000, idleTimeoutMs: 60_000 },
    confirmation: 'explicit',
    silentAfterMs: 60_000,
  },
  {
    ticker: (context) => bybitProtocol(context, (market) => `tickers.${market.wire}`, bybitTicker(context)),
    trade: (context) => bybitProtocol(context, (market) => `publicTrade.${market.wire}`, bybitTrade(context)),
    orderbook: bybitOrderbook,
  },
);
