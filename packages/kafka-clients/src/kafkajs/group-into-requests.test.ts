import { expect, test } from 'vitest';
import type { ProducerIdentity } from '../transport/transport-producer.js';
import { groupIntoRequests, REQUEST_BYTES } from './group-into-requests.js';

const pending = (partition: number, bytes?: number, identity?: ProducerIdentity) => ({
  batch: { topic: 't', partition, records: [], ...(bytes !== undefined && { bytes }), ...(identity && { identity }) },
});
const partitions = (requests: readonly (readonly ReturnType<typeof pending>[])[]): number[][] =>
  requests.map((group) => group.map(({ batch }) => batch.partition));

test('small batches share a request', () => {
  expect(partitions(groupIntoRequests([0, 1, 2, 3].map((partition) => pending(partition, 1_000))))).toEqual([
    [0, 1, 2, 3],
  ]);
});

test('batches that are large together go in requests of their own, each batch whole and in its order', () => {
  const half = REQUEST_BYTES / 2;
  const batches = [pending(0, half), pending(1, half), pending(2, 1), pending(3, 10 * REQUEST_BYTES), pending(4, half)];
  expect(partitions(groupIntoRequests(batches))).toEqual([[0, 1], [2], [3], [4]]);
});

test('batches of unknown size share a request', () => {
  expect(partitions(groupIntoRequests([pending(0), pending(1)]))).toEqual([[0, 1]]);
});

test('batches of different identities never share one', () => {
  const [old, fresh] = [
    { producerId: '1', producerEpoch: 0 },
    { producerId: '2', producerEpoch: 0 },
  ];
  const batches = [pending(0, 1, old), pending(1, 1, fresh), pending(2, 1, old), pending(3, 1, fresh)];
  expect(partitions(groupIntoRequests(batches))).toEqual([
    [0, 2],
    [1, 3],
  ]);
});
