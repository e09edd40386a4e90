import type { ExchangeAdapter } from '../adapter.js';
import { createAddresses } from '../addresses.js';
import { defineExchange } from '../session/create-session.js';
import { plainSymbols } from '../symbols/separated.js';
import { coinoneOrderbook } from './orderbook.js';
import { coinoneProtocol } from './protocol.js';
import { coinoneTicker } from './ticker.js';
import { coinoneTrade } from './trade.js';

/** Coinone (https://docs.coinone.co.kr): one topic per message, each acknowledged. */
export const coinone: ExchangeAdapter = defineExchange(
  {
    name: 'coinone',
    region: 'korea',
    addresses: createAddresses({
      default: 'wss://stream.coinone.co.kr/',
      hosts: ['stream.coinone.co.kr'],
      paths: ['/'],
    }),
    symbols: plainSymbols,
    // 363 topics on one socket are known to work.
    limits: { symbolsPerSocket: 400, messagesPerSecond: 10, connectionsPerIp: 20 },
    // A socket that never subscribed is cut after a minute, one that stops pinging after 30.
    heartbeat: { type: 'text', payload: '{"request_type":"PING"}', intervalMs: 20_000, idleTimeoutMs: 60_000 },
    confirmation: 'explicit',
    silentAfterMs: 60_000,
  },
  {
    ticker: (context) => coinoneProtocol(context, coinoneTicker),
    trade: (context) => coinoneProtocol(context, coinoneTrade),
    orderbook: coinoneOrderbook,
  },
);
