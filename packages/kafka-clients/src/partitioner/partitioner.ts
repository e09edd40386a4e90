import { murmur2 } from './murmur2.js';

/** Chooses the partition of a message whose sender named none. */
export interface Partitioner {
  /** @param key null for a message without key. @param partitions how many the topic has, at least 1. */
  choose(topic: string, key: Buffer | string | null, partitions: number): number;
  /** A batch of the topic was closed: keyless messages may move on. */
  batchClosed(topic: string, partition: number): void;
}

/** Keys are short and repeat, so their hashes are worth remembering; the bound keeps that from growing. */
const REMEMBERED_KEYS = 4_096;

/**
 * The Java client's rule: murmur2 of the key's UTF-8 bytes; without a key, one partition until its batch is closed
 * ("sticky"), so that keyless traffic makes full batches.
 *
 * @param random answers from 0 up to 1; passed in so that tests can seed it.
 */
export function createPartitioner(random: () => number = Math.random): Partitioner {
  const hashes = new Map<string, number>();
  const sticky = new Map<string, number>();

  const hashOf = (key: string): number => {
    const known = hashes.get(key);
    if (known !== undefined) return known;
    const hash = murmur2(Buffer.from(key)) & 0x7fffffff;
    if (hashes.size >= REMEMBERED_KEYS) hashes.clear();
    hashes.set(key, hash);
    return hash;
  };

  return {
    choose(topic, key, partitions) {
      if (key !== null) return (typeof key === 'string' ? hashOf(key) : murmur2(key) & 0x7fffffff) % partitions;
      const current = sticky.get(topic);
      if (current !== undefined && current < partitions) return current;
      const next = Math.floor(random() * partitions);
      sticky.set(topic, next);
      return next;
    },
    batchClosed(topic, partition) {
      if (sticky.get(topic) === partition) sticky.delete(topic);
    },
  };
}
