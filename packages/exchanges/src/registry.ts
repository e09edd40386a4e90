import type { RequestType } from '@naru/core';
import type { ExchangeAdapter } from './adapter.js';
import { ExchangeError } from './exchange-error.js';

export interface ExchangeRegistry {
  readonly names: readonly string[];
  /** @throws ExchangeError `unknown_exchange` */
  get(name: string): ExchangeAdapter;
  /** Whether the exchange is known and speaks this kind. */
  supports(name: string, kind: string): boolean;
}

/**
 * A registry of the given adapters.
 * @throws ExchangeError `duplicate_exchange` when two share a name
 */
export function createExchangeRegistry(adapters: readonly ExchangeAdapter[]): ExchangeRegistry {
  const byName = new Map<string, ExchangeAdapter>();
  for (const adapter of adapters) {
    if (byName.has(adapter.name)) {
      throw new ExchangeError(
        'duplicate_exchange',
        `Two adapters are called "${adapter.name}"; give one another name.`,
      );
    }
    byName.set(adapter.name, adapter);
  }
  const names = [...byName.keys()];
  return {
    names,
    get(name) {
      const adapter = byName.get(name);
      if (adapter === undefined) {
        throw new ExchangeError('unknown_exchange', `No exchange is called "${name}"; known are ${names.join(', ')}.`);
      }
      return adapter;
    },
    supports: (name, kind) => byName.get(name)?.kinds.includes(kind as RequestType) ?? false,
  };
}
