import type { Target } from '@naru/core';
import type { ConnectContext } from '../orchestration/connect-context.js';

/** The stream that tests open. */
export const upbitTrades: Target = { exchange: 'upbit', region: 'korea', request_type: 'trade' };
export const upbitAddress = 'wss://api.upbit.com/websocket/v1';

export function connectToTrades(symbols: readonly string[], more: Partial<ConnectContext> = {}): ConnectContext {
  return {
    target: upbitTrades,
    symbols,
    url: upbitAddress,
    socketParams: {},
    projection: null,
    correlationId: 'c-1',
    ...more,
  };
}

/** A trade as Upbit sends it. */
export function upbitTrade(code: string, id: string | number | bigint = '17000000000000001'): Buffer {
  return Buffer.from(
    `{"type":"trade","code":"${code}","timestamp":1700000000100,"trade_timestamp":1700000000000,"trade_price":10.5,"trade_volume":2,"ask_bid":"BID","sequential_id":${id},"stream_type":"REALTIME"}`,
  );
}
