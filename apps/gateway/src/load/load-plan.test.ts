import { requestTypes } from '@naru/core';
import { exchanges } from '@naru/exchanges';
import { expect, test } from 'vitest';
import { planStreams } from './load-plan.js';

test('deals every market to one exchange, with every kind', () => {
  const plan = planStreams(500, requestTypes);
  expect(plan).toHaveLength(exchanges.names.length * 3);
  for (const kind of requestTypes) {
    const streams = plan.filter(({ target }) => target.request_type === kind);
    expect(streams.reduce((sum, { symbols }) => sum + symbols.length, 0)).toBe(500);
    const sizes = streams.map(({ symbols }) => symbols.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  }
});

test('leaves out exchanges for which no market is left', () => {
  expect(planStreams(3, ['trade']).map(({ symbols }) => symbols.length)).toEqual([1, 1, 1]);
});

test('every symbol comes back from the form the exchange gives it', () => {
  for (const { target, symbols } of planStreams(33, ['trade'])) {
    const { symbols: rules } = exchanges.get(target.exchange);
    for (const symbol of symbols) expect(rules.toCode(rules.toWire(symbol))).toBe(symbol);
  }
});
