import { expect, test } from 'vitest';
import type { Failure } from '../events/event-publisher.js';
import { GatewayError } from '../gateway-error.js';
import type { CommandStep } from '../orchestration/command-progress.js';
import { followedEvents } from './followed-events.js';

test('an error that is told is a step of the command that it names', () => {
  const told: Failure[] = [];
  const noted: [string | undefined, CommandStep][] = [];
  const events = followedEvents(
    { confirmed: () => {}, backpressure: () => {}, failed: (failure) => void told.push(failure) },
    { note: (id, step) => void noted.push([id, step]) },
  );
  const refused = new GatewayError('subscription_refused', 'upbit refused KRW-X: no such market.');
  const failures: Failure[] = [
    { boundary: 'ws_protocol', error: refused, correlationId: 'c-1' },
    { boundary: 'command', error: new GatewayError('address_not_allowed', 'not there'), correlationId: 'c-1' },
    { boundary: 'command', error: new TypeError('oops'), correlationId: 'c-2' },
  ];
  for (const failure of failures) events.failed(failure);
  expect(told).toEqual(failures);
  expect(noted).toEqual([
    ['c-1', { step: 'refused', message: refused.message }],
    ['c-1', { step: 'trouble', code: 'address_not_allowed', message: 'not there' }],
    ['c-2', { step: 'trouble', code: 'TypeError', message: 'oops' }],
  ]);
});
