import { expect, test } from 'vitest';
import { replayWords } from './replay-words.js';

const message = { partition: 0, offset: '5', topic: 'ws.command' };
const report = { dry_run: false, sent: 1, skipped: 0, more: false, messages: [message] };

test('a replay says where the letter went, would go, or why it did not', () => {
  expect(replayWords(report)).toBe('1 sent to ws.command.');
  expect(replayWords({ ...report, dry_run: true, sent: 0 })).toBe('It would go to ws.command.');
  expect(replayWords({ ...report, sent: 0, messages: [] })).toMatch(/was sent back before/);
  expect(replayWords({ ...report, sent: 0, messages: [{ ...message, topic: null, skipped: 'no header' }] })).toBe(
    'Left out: no header.',
  );
});
