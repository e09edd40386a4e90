import { expect, test } from 'vitest';
import { type CircuitSnapshot, freshCircuit } from '../stores/circuit-snapshot.js';
import { CircuitEvents } from './circuit-events.js';

const quiet = (): void => {};
const silent = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const at = (changes: Partial<CircuitSnapshot>): CircuitSnapshot => ({ ...freshCircuit, ...changes });

/** What listeners heard of one change. */
function heard(before: CircuitSnapshot, after: CircuitSnapshot): string[] {
  const events = new CircuitEvents(silent);
  const told: string[] = [];
  for (const name of ['break', 'reset', 'halfOpen', 'modeChange'] as const) {
    events[name].addListener((circuit) => told.push(circuit === after ? name : `${name} of another circuit`));
  }
  events.stateChange.addListener(({ from, to, circuit }) => {
    expect(circuit).toBe(after);
    told.push(`${from} -> ${to}`);
  });
  events.circuitChanged(before, after);
  return told;
}

test.each([
  ['closed', 'open', ['closed -> open', 'break']],
  ['open', 'half-open', ['open -> half-open', 'halfOpen']],
  ['half-open', 'open', ['half-open -> open', 'break']],
  ['half-open', 'closed', ['half-open -> closed', 'reset']],
  ['open', 'open', []],
] as const)('from %s to %s', (from, to, told) => {
  expect(heard(at({ state: from }), at({ state: to, revision: 2 }))).toEqual(told);
});

test('a change of mode is told apart from one of the state', () => {
  expect(heard(at({}), at({ mode: 'disabled' }))).toEqual(['modeChange']);
  expect(heard(at({ mode: 'forced-open' }), at({ state: 'open' }))).toEqual(['modeChange', 'closed -> open', 'break']);
});

test('what a listener throws reaches the log', () => {
  const logged: unknown[] = [];
  const events = new CircuitEvents({ ...silent, error: (...all: unknown[]) => void logged.push(...all) });
  const error = new Error('listener');
  events.reset.addListener(() => {
    throw error;
  });
  events.circuitChanged(at({ state: 'open' }), at({}));
  expect(logged).toEqual(['a listener of a circuit breaker threw', { error }]);
});
