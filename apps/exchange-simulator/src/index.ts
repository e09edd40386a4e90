export { type CapturedFrame, formatCapturedFrame, parseCapture } from './capture/capture-file.js';
export { type RecordOptions, recordCapture } from './capture/record.js';
export type { Replay } from './capture/replay.js';
export { createExchangeSimulator, ExchangeSimulator, type ExpectedBook } from './exchange-simulator.js';
export type { FaultEvent, FaultRates } from './faults.js';
export type { ExpectedTicker } from './market/ticker.js';
export type { ExpectedTrade } from './market/trade.js';
export { SimulatorError, type SimulatorErrorCode } from './simulator-error.js';
export type { ExchangeSimulatorOptions } from './simulator-options.js';
