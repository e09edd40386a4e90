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
export { createExchangeRegistry, type ExchangeRegistry } from './registry.js';
