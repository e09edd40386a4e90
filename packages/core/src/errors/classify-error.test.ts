import { expect, test } from 'vitest';
import { NaruError } from '../naru-error.js';
import { classificationRules } from './classification-rules.js';
import { classifyError } from './classify-error.js';
import { errorCodes, errorDomains } from './error-taxonomy.js';

const withCode = (code: string): Error => Object.assign(new Error(code), { code });

test.each([
  ['ws_connection', withCode('ECONNREFUSED'), { domain: 'connection', code: 'connect_failed', retryable: true }],
  ['ws_connection', new Error('403'), { domain: 'connection', code: 'connect_failed', retryable: false }],
  ['ws_disconnection', new Error('x'), { domain: 'connection', code: 'disconnect_failed', retryable: false }],
  ['ws_protocol', new Error('x'), { domain: 'protocol', code: 'unknown_error', retryable: false }],
  ['command', new SyntaxError('x'), { domain: 'deserialization', code: 'deserialization_error', retryable: false }],
  ['command', new Error('x'), { domain: 'payload', code: 'invalid_schema', retryable: false }],
  ['deserialization', new Error('x'), { domain: 'deserialization', code: 'deserialization_error', retryable: false }],
  ['orchestrator', new Error('x'), { domain: 'orchestrator', code: 'orchestrator_error', retryable: false }],
  ['cache', withCode('cache_conflict'), { domain: 'cache', code: 'cache_conflict', retryable: true }],
  ['dlq', withCode('ECONNRESET'), { domain: 'payload', code: 'dlq_publish_failed', retryable: false }],
  ['publish', new Error('x'), { domain: 'unknown', code: 'unknown_error', retryable: false }],
  ['publish', 'a string was thrown', { domain: 'unknown', code: 'unknown_error', retryable: false }],
  ['publish', undefined, { domain: 'unknown', code: 'unknown_error', retryable: false }],
] as const)('at %s, %s', (boundary, error, expected) => {
  expect(classifyError(boundary, error)).toEqual(expected);
});

test('asks the error itself whether trying again can help', () => {
  const error = new NaruError('busy', { code: 'busy', retryable: true });
  expect(classifyError('orchestrator', error).retryable).toBe(true);
});

test('looks through the causes, even when they form a circle', () => {
  const refused = withCode('ECONNREFUSED');
  expect(classifyError('ws_connection', new Error('dial', { cause: refused })).retryable).toBe(true);
  const circle = new Error('circle');
  circle.cause = circle;
  expect(classifyError('publish', circle).code).toBe('unknown_error');
});

test('every rule speaks the words of the taxonomy, and the last one fits everything', () => {
  for (const rule of classificationRules) {
    expect(errorDomains).toContain(rule.domain);
    expect(errorCodes).toContain(rule.code);
  }
  expect(classificationRules.at(-1)).not.toHaveProperty('boundary');
  expect(classificationRules.at(-1)).not.toHaveProperty('error');
});
