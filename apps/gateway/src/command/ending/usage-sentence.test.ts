import { expect, test } from 'vitest';
import { usageSentence } from './usage-sentence.js';

test.each([
  [
    "error: unknown option '--jsn'\n(Did you mean --json?)",
    `Unknown option '--jsn'. Did you mean --json? "naru tap --help" shows how it is used.`,
  ],
  [
    "error: missing required argument 'topic'",
    `Missing required argument 'topic'. "naru tap --help" shows how it is used.`,
  ],
  [
    "error: command-argument value 'upbitt' is invalid for argument 'exchange'. Allowed choices are upbit, okx.",
    '"upbitt" is no exchange. Choose one of upbit, okx. Is upbit meant? "naru tap --help" shows how it is used.',
  ],
  [
    "error: command-argument value 'a' is invalid for argument 'partition'. Give a whole number from 0.",
    '"a" is no partition. Give a whole number from 0. "naru tap --help" shows how it is used.',
  ],
  [
    "error: option '--kind <kind>' argument 'candle' is invalid. Allowed choices are ticker, trade.",
    '--kind cannot be "candle". Choose one of ticker, trade. "naru tap --help" shows how it is used.',
  ],
  [
    "error: option '--ttl <ms>' argument 'x' is invalid. Give a whole number from 1.",
    '--ttl cannot be "x". Give a whole number from 1. "naru tap --help" shows how it is used.',
  ],
])('%s', (message, sentence) => {
  expect(usageSentence({ code: 'commander.any', message }, 'naru tap')).toBe(sentence);
});

test('a command that is missing is asked for', () => {
  expect(usageSentence({ code: 'commander.help', message: '(outputHelp)' }, 'naru dlq')).toBe(
    'Name a command. "naru dlq --help" shows how it is used.',
  );
});
