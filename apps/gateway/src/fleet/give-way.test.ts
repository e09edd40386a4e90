import { expect, test } from 'vitest';
import { readGivenWay, readGiveWay } from './give-way.js';

test.each([
  ['a command', { type: 'status', action: 'disconnect' }],
  ['no count', { kind: 'give_way' }],
  ['a count below 0', { kind: 'give_way', held: -1 }],
  ['a count that is no whole number', { kind: 'give_way', held: 1.5 }],
  ['null', null],
  ['text', 'give_way'],
])('%s is no question for a stream', (_, question) => {
  expect(readGiveWay(question)).toBeUndefined();
});

test('a question says how many streams the asking member has', () => {
  expect(readGiveWay({ kind: 'give_way', held: 3, more: true })).toEqual({ kind: 'give_way', held: 3 });
});

test.each([
  ['kept', { kind: 'kept' }],
  ['another answer', { kind: 'not_owner' }],
  ['no target', { kind: 'gave' }],
  ['half a target', { kind: 'gave', target: { exchange: 'upbit', region: 'korea' } }],
  ['nothing', undefined],
])('%s gives nothing away', (_, answer) => {
  expect(readGivenWay(answer)).toBeUndefined();
});

test('an answer names the target that was given away', () => {
  const target = { exchange: 'upbit', region: 'korea', request_type: 'trade' };
  expect(readGivenWay({ kind: 'gave', target: { ...target, more: 1 } })).toEqual(target);
});
