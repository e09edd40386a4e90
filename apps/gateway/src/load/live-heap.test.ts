import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { watchLiveHeap } from './live-heap.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

async function liveBytes(): Promise<number> {
  const heap = watchLiveHeap();
  expect(heap.bytes).toBeNull();
  collect();
  // Collections are told of in a later turn.
  while (heap.bytes === null) await setImmediate();
  heap.stop();
  return heap.bytes;
}

test('is what a full collection leaves', async () => {
  const before = await liveBytes();
  const kept = Array.from({ length: 500_000 }, (_, index) => ({ index }));
  const after = await liveBytes();
  expect(after - before).toBeGreaterThan(8 * kept.length);
});
