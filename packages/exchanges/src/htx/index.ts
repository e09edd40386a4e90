import type { ExchangeAdapter } from '../adapter.js';
import { createAddresses } from '../addresses.js';
import { defineExchange } from '../session/create-session.js';
import { readInstruments } from '../symbols/instruments.js';
import { joinedSymbols } from '../symbols/joined.js';
import { htxOrderbook } from './orderbook.js';
import { htxProtocol, htxReads } from './protocol.js';
import { htxTicker } from './ticker.js';
import { htxTrade } from './trade.js';

const quotes = 'USDT USDC USDD BTC ETH HT TRX HUSD TUSD EUR GBP TRY BRL RUB UAH'.split(' ');

/** HTX, formerly Huobi (https://huobiapi.github.io/docs/spot/v1/en): gzip, and a server that pings in JSON. */
export const htx: ExchangeAdapter = defineExchange(
  {
    name: 'htx',
    region: 'asia',
    addresses: createAddresses({
      // Incremental order books have an address of their own.
      default: {
        ticker: 'wss://api.huobi.pro/ws',
        trade: 'wss://api.huobi.pro/ws',
        orderbook: 'wss://api.huobi.pro/feed',
      },
      hosts: ['api.huobi.pro', 'api-aws.huobi.pro'],
      paths: { ticker: ['/ws'], trade: ['/ws'], orderbook: ['/feed'] },
      restHosts: ['api.huobi.pro'],
    }),
    symbols: joinedSymbols(quotes, 'lower'),
    instruments: {
      url: 'https://api.huobi.pro/v1/common/symbols',
      read: (body) => readInstruments(body, (root) => root.data, 'symbol', 'base-currency', 'quote-currency'),
    },
    limits: { symbolsPerSocket: 100, messagesPerSecond: 10 },
    heartbeat: { type: 'server', idleTimeoutMs: 20_000 },
    confirmation: 'explicit',
    silentAfterMs: 60_000,
  },
  {
    ticker: (context) => htxProtocol(context, { channel: 'ticker', reads: htxReads.ticker, reader: htxTicker }),
    trade: (context) => htxProtocol(context, { channel: 'trade.detail', reads: htxReads.trade, reader: htxTrade() }),
    orderbook: htxOrderbook,
  },
);
