import { expect, test } from 'vitest';
import { correlationIdIn } from './correlation-id.js';

test.each([
  ['its correlation id', '{"correlation_id":"c","ticket_id":"t"}', 'c'],
  ['else its ticket', '{"correlation_id":7,"ticket_id":"t"}', 't'],
  ['nothing where there is none', '{}', undefined],
  ['nothing from what is no object', 'null', undefined],
  ['nothing from what is no JSON', '{"correlation_id":"c"', undefined],
  ['nothing too long to be an id', `{"correlation_id":"${'x'.repeat(201)}"}`, undefined],
])('finds %s', (_, text, expected) => {
  expect(correlationIdIn(Buffer.from(text))).toBe(expected);
});

test('a message without a value has none', () => {
  expect(correlationIdIn(null)).toBeUndefined();
});
