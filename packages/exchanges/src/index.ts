export type {
  BookChange,
  BookPublishing,
  ExchangeAdapter,
  ExchangeLimits,
  ExchangeSession,
  FailureKind,
  FrameClass,
  FrameFailure,
  Heartbeat,
  InstrumentList,
  InstrumentSource,
  Outgoing,
  Received,
  Rejection,
  SessionCounts,
  SessionOptions,
  SnapshotRequest,
  SymbolRules,
} from './adapter.js';
export { type AddressTable, createAddresses, type ExchangeAddresses } from './addresses.js';
export { ExchangeError, type ExchangeErrorCode } from './exchange-error.js';
export { exchanges } from './exchanges.js';
export { createFrameParser, type ParsedFrame, type ParseFramesOptions, parseFrames } from './parse-frames.js';
export { isObject, type JsonObject } from './reading/json.js';
export { toNumber } from './reading/numbers.js';
export { epochSeconds, rfc3339Seconds } from './reading/time.js';
export { addTicker, type TickerExtras } from './records/ticker.js';
export { addTrade } from './records/trade.js';
export { createExchangeRegistry, type ExchangeRegistry } from './registry.js';
export {
  type AdapterData,
  defineExchange,
  type ProtocolContext,
  type ProtocolFactory,
} from './session/create-session.js';
export type { Market, MarketChange, Markets } from './session/markets.js';
export type { Reading } from './session/reading.js';
export type { Protocol } from './session/stream-session.js';
export { joinedSymbols } from './symbols/joined.js';
export { plainSymbols, separatedSymbols } from './symbols/separated.js';
