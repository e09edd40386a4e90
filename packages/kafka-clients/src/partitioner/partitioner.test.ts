import { expect, test } from 'vitest';
import { murmur2 } from './murmur2.js';
import { createPartitioner } from './partitioner.js';

// Values of org.apache.kafka.common.utils.Utils.murmur2, from Kafka's own UtilsTest.
test.each([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
])('hashes %s as the Java client does', (key, expected) => {
  expect(murmur2(Buffer.from(key))).toBe(expected);
});

test('sends equal keys to equal partitions, as text and as bytes', () => {
  const partitioner = createPartitioner();
  for (const key of ['KRW-BTC', '한글', '😀']) {
    expect(partitioner.choose('t', key, 12)).toBe(partitioner.choose('t', Buffer.from(key), 12));
  }
});

test('keeps keyless messages on one partition until its batch is closed', () => {
  const draws = [0.5, 0.9];
  const partitioner = createPartitioner(() => draws.shift() ?? 0);
  expect([1, 2, 3].map(() => partitioner.choose('t', null, 10))).toEqual([5, 5, 5]);
  partitioner.batchClosed('t', 4);
  expect(partitioner.choose('t', null, 10)).toBe(5);
  partitioner.batchClosed('t', 5);
  expect(partitioner.choose('t', null, 10)).toBe(9);
});
