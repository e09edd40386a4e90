import { expect, test } from 'vitest';
import { logCreator } from './log-creator.js';

function levelOf(label: string, message: string, error?: string): string {
  const levels: string[] = [];
  const say = (level: string) => () => void levels.push(level);
  const log = logCreator({ debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') })();
  log({ namespace: 'Connection', label, log: { message, ...(error !== undefined && { error }) } });
  return levels.join();
}

test.each([
  [
    'an answer that says no, which is thrown at whoever asked',
    'ERROR',
    'Response ListOffsets(key: 2, version: 3)',
    'debug',
  ],
  ['a connection that we ended', 'ERROR', 'Connection error: the client was closed', 'debug'],
  ['an ordinary rebalance', 'ERROR', 'The group is rebalancing, re-joining', 'info'],
  ['what fails, which is reported again by whoever asked', 'ERROR', 'Connection error: refused', 'warn'],
  ['a warning', 'WARN', 'careful', 'warn'],
  ['news', 'INFO', 'joined', 'info'],
  ['a detail', 'DEBUG', 'Request Fetch', 'debug'],
])('%s has its level', (_, label, message, level) => {
  expect(levelOf(label, message)).toBe(level);
});
