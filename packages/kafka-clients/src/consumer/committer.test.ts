import { createManualClock } from '@naru/core/testing';
import { expect, test } from 'vitest';
import type { OffsetToCommit } from '../transport/transport-consumer.js';
import { Committer } from './committer.js';

const source = (offset: string) => ({
  committable: { topic: 't', partition: 0, offset } as OffsetToCommit | undefined,
});

test('commits the newest offset once per interval', async () => {
  const clock = createManualClock();
  const commits: string[] = [];
  const committer = new Committer({
    clock,
    intervalMs: 100,
    commit: async (offsets) => void commits.push(...offsets.map(({ offset }) => offset)),
    onError: () => {},
  });
  const worker = source('1');
  committer.add(worker);
  worker.committable = { topic: 't', partition: 0, offset: '7' };
  committer.add(worker);
  await clock.advance(99);
  expect(commits).toEqual([]);
  await clock.advance(1);
  expect(commits).toEqual(['7']);
});

test('tries a refused commit again, not at once, and not after the partitions are gone', async () => {
  const clock = createManualClock();
  let calls = 0;
  const errors: unknown[] = [];
  const committer = new Committer({
    clock,
    intervalMs: 0,
    commit: async () => {
      calls += 1;
      throw new Error('refused');
    },
    onError: (error) => errors.push(error),
  });
  committer.add(source('1'));
  await clock.advance(499);
  expect(calls).toBe(1);
  await clock.advance(1);
  expect([calls, errors.length]).toEqual([2, 2]);
  committer.clear();
  await clock.advance(10_000);
  expect(calls).toBe(2);
});

test('does not try a commit again that was refused after the partitions were gone', async () => {
  const clock = createManualClock();
  let calls = 0;
  let refuse = (_: Error): void => {};
  const committer = new Committer({
    clock,
    intervalMs: 0,
    commit: () => {
      calls += 1;
      return new Promise((_, reject) => (refuse = reject));
    },
    onError: () => {},
  });
  committer.add(source('1'));
  await clock.advance(0);
  committer.clear();
  refuse(new Error('the generation is over'));
  await clock.advance(10_000);
  expect(calls).toBe(1);
  expect(clock.pending).toBe(0);
});
