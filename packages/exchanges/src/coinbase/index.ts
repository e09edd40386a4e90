import type { RequestType } from '@naru/core';
import type { ExchangeAdapter } from '../adapter.js';
import { createAddresses } from '../addresses.js';
import { defineExchange, type ProtocolContext, type ProtocolFactory } from '../session/create-session.js';
import type { Protocol } from '../session/stream-session.js';
import { separatedSymbols } from '../symbols/separated.js';
import { advancedHost, advancedProtocol } from './advanced.js';
import { coinbaseOrderbook } from './orderbook.js';
import { coinbaseProtocol } from './protocol.js';
import { coinbaseTicker } from './ticker.js';
import { coinbaseTrade } from './trade.js';

const exchangeFeed: Readonly<Record<RequestType, ProtocolFactory>> = {
  ticker: (context) => coinbaseProtocol(context, coinbaseTicker(context)),
  trade: coinbaseTrade,
  orderbook: coinbaseOrderbook,
};

/** The two addresses speak differently. */
const byAddress = (context: ProtocolContext): Protocol =>
  new URL(context.address).hostname === advancedHost ? advancedProtocol(context) : exchangeFeed[context.kind](context);

/** Coinbase Exchange (https://docs.cdp.coinbase.com/exchange), and Advanced Trade when that address is connected to. */
export const coinbase: ExchangeAdapter = defineExchange(
  {
    name: 'coinbase',
    region: 'na',
    addresses: createAddresses({
      default: 'wss://ws-feed.exchange.coinbase.com/',
      hosts: ['ws-feed.exchange.coinbase.com', advancedHost],
      paths: ['/'],
    }),
    symbols: separatedSymbols('-'),
    // A socket that has not subscribed within five seconds is closed.
    limits: { symbolsPerSocket: 200, messagesPerSecond: 8, connectionsPerSecond: 8 },
    // The heartbeat channel, subscribed beside the data, sends a frame each second.
    heartbeat: { type: 'server', idleTimeoutMs: 20_000 },
    confirmation: 'explicit',
    silentAfterMs: 60_000,
  },
  { ticker: byAddress, trade: byAddress, orderbook: byAddress },
);
