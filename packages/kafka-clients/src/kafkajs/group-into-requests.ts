import type { ProduceBatch, ProducerIdentity } from '../transport/transport-producer.js';

export interface GroupedBatch {
  readonly batch: ProduceBatch;
}

/**
 * Bytes of batches that share one request. A broker works on one request of a connection at a time and answers all of
 * it at once: with everything in a single request, client and broker would take turns waiting for each other. With
 * several on the way, one writes the next batches while the other appends the last ones.
 */
export const REQUEST_BYTES: number = 128 * 1024;

/**
 * Which batches go into which request, in their order. A request carries one identity, too: after a recovery, batches
 * of the old and the new one can meet.
 */
export function groupIntoRequests<T extends GroupedBatch>(together: readonly T[]): T[][] {
  const requests: T[][] = [];
  const open = new Map<ProducerIdentity | undefined, { readonly group: T[]; bytes: number }>();
  for (const pending of together) {
    const { identity, bytes = 0 } = pending.batch;
    let request = open.get(identity);
    if (!request || request.bytes + bytes > REQUEST_BYTES) {
      request = { group: [], bytes: 0 };
      open.set(identity, request);
      requests.push(request.group);
    }
    request.group.push(pending);
    request.bytes += bytes;
  }
  return requests;
}
