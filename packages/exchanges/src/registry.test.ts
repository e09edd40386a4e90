import { describe, expect, it } from 'vitest';
import { exchanges } from './exchanges.js';
import { createExchangeRegistry } from './registry.js';

describe('the registry', () => {
  it('knows which exchange offers what', () => {
    expect(exchanges.supports('upbit', 'ticker')).toBe(true);
    expect(exchanges.supports('upbit', 'candles')).toBe(false);
    expect(exchanges.supports('nowhere', 'ticker')).toBe(false);
  });

  it('names what it knows when asked for what it does not', () => {
    expect(() => exchanges.get('nowhere')).toThrow('No exchange is called "nowhere"; known are upbit, ');
  });

  it('refuses two adapters of one name', () => {
    const upbit = exchanges.get('upbit');
    expect(() => createExchangeRegistry([upbit, upbit])).toThrow(
      expect.objectContaining({ code: 'duplicate_exchange' }),
    );
  });
});
