import { expect, test } from 'vitest';
import { GatewayError } from '../../gateway-error.js';
import { CommandFailure } from './command-failure.js';
import { asksForJson, errorText } from './error-text.js';

test('an error is a sentence, or one JSON object with its code', () => {
  const failure = new CommandFailure('usage', 'Give a topic.');
  expect(errorText(failure, { json: false })).toBe('naru: Give a topic.\n');
  expect(JSON.parse(errorText(failure, { json: true }))).toEqual({
    error: { code: 'usage', message: 'Give a topic.', exit_code: 2 },
  });
});

test('the code of an error of the packages is told, with the exit code it leads to', () => {
  const error = new GatewayError('start_failed', 'Kafka is away.', { retryable: true });
  expect(JSON.parse(errorText(error, { json: true }))).toEqual({
    error: { code: 'start_failed', message: 'Kafka is away.', exit_code: 3 },
  });
  expect(JSON.parse(errorText(new AggregateError([]), { json: true }))).toEqual({
    error: { code: 'failed', message: 'AggregateError', exit_code: 1 },
  });
});

test('JSON is asked for by an option, not by what follows the options', () => {
  expect(asksForJson(['dlq', 'ls', '--json'])).toBe(true);
  expect(asksForJson(['tap', '--', '--json'])).toBe(false);
});
