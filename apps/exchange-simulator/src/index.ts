export { createExchangeSimulator, ExchangeSimulator } from './exchange-simulator.js';
export type { ExpectedTicker } from './market/ticker.js';
export type { ExpectedTrade } from './market/trade.js';
export { SimulatorError, type SimulatorErrorCode } from './simulator-error.js';
export type { ExchangeSimulatorOptions } from './simulator-options.js';
