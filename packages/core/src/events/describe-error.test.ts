import { expect, test } from 'vitest';
import { describeError } from './describe-error.js';

test('an error is told by class, name, own code and message', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  expect(describeError('ws_connection', refused)).toEqual({
    error_domain: 'connection',
    error_code: 'connect_failed',
    error_message: {
      name: 'Error',
      code: 'ECONNREFUSED',
      message: 'connect ECONNREFUSED',
      kind: 'ws_connection',
      retryable: true,
    },
  });
});

test.each([
  ['a text', 'boom', { name: 'string', message: 'boom' }],
  ['nothing', undefined, { name: 'undefined', message: 'undefined' }],
  ['an object', { code: 7 }, { name: 'object', message: '[object Object]' }],
])('%s that was thrown is told as well', (_, thrown, told) => {
  expect(describeError('command', thrown).error_message).toEqual({ ...told, kind: 'command', retryable: false });
});

test('a long message is cut', () => {
  expect(String(describeError('command', new Error('x'.repeat(10_000))).error_message.message)).toHaveLength(2_000);
});
