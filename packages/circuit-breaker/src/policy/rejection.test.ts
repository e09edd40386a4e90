import { afterEach, expect, test, vi } from 'vitest';
import { CircuitRejection } from '../circuit-breaker-error.js';
import { refusal, rejection, rejectSoon } from './rejection.js';

const limit = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit')!;
afterEach(() => Object.defineProperty(Error, 'stackTraceLimit', limit));

test.each([
  ['circuit_open', 'The circuit x is open. Retry in 8 ms.'],
  ['probes_taken', 'The circuit x is half-open and all its probes are under way. Retry in 8 ms.'],
  ['ramping', 'The circuit x closed a moment ago and lets calls in gradually. Retry in 8 ms.'],
  ['store_unavailable', 'The circuit x cannot be read, because its store is away. Retry in 8 ms.'],
] as const)('%s says what is and when to retry, in whole ms', (code, message) => {
  const error = rejection('x', refusal(code, 7.1));
  expect(error).toBeInstanceOf(CircuitRejection);
  expect(error).toMatchObject({ code, message, retryable: true, retryAfterMs: 8 });
});

test('forced_open says why, and names no time where nobody knows one', () => {
  const error = rejection('x', refusal('forced_open', undefined, 'maintenance'));
  expect(error.message).toBe('The circuit x is held open by an operator (maintenance). Retry when it is released.');
  expect(error.retryAfterMs).toBeUndefined();
  expect(rejection('x', refusal('forced_open', undefined)).message).toBe(
    'The circuit x is held open by an operator. Retry when it is released.',
  );
});

test('has no stack, and leaves stacks to all others', () => {
  const before = Error.stackTraceLimit;
  expect(rejection('x', refusal('circuit_open', 1)).stack).not.toContain('\n    at ');
  expect(Error.stackTraceLimit).toBe(before);
  expect(new Error('other').stack).toContain('\n    at ');
});

test.each([
  ['is frozen', { value: 10, writable: false, configurable: true }],
  ['is not there', undefined],
])('where the limit of stacks %s it is left alone', async (_how, descriptor) => {
  vi.resetModules();
  if (descriptor) Object.defineProperty(Error, 'stackTraceLimit', descriptor);
  else Reflect.deleteProperty(Error, 'stackTraceLimit');
  const { rejection: strict } = await import('./rejection.js');
  expect(strict('x', refusal('circuit_open', 1)).message).toBe('The circuit x is open. Retry in 1 ms.');
  expect(Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit')?.value).toBe(descriptor?.value);
});

test('whatever prevents the error rejects as well, and is not thrown', async () => {
  const broken = new Error('the metrics are broken');
  const rejected = rejectSoon(() => {
    throw broken;
  });
  await expect(rejected).rejects.toBe(broken);
});
