import { binance } from './binance/index.js';
import { createExchangeRegistry, type ExchangeRegistry } from './registry.js';
import { upbit } from './upbit/index.js';

/** Every exchange that ships with this package. */
export const exchanges: ExchangeRegistry = createExchangeRegistry([upbit, binance]);
