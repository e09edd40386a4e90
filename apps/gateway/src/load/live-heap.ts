import { constants, PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics } from 'node:v8';

/** Spaces whose objects have survived no full collection. */
const young = new Set(['new_space', 'new_large_object_space']);

/** What Node tells of a collection; its types leave it out. */
interface Collection {
  readonly detail: { readonly kind: number };
}

export interface LiveHeap {
  /** What was in use after the last full collection, in bytes; null before the first. */
  readonly bytes: number | null;
  stop(): void;
}

/**
 * Watches what a full collection leaves. Resident memory tells what the process has asked the system for, garbage that
 * nobody has needed to collect yet included: whether something grows shows only here.
 */
export function watchLiveHeap(): LiveHeap {
  let bytes: number | null = null;
  const observer = new PerformanceObserver((list) => {
    for (const { detail } of list.getEntries() as unknown as readonly Collection[]) {
      if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) bytes = settledBytes();
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  return {
    get bytes() {
      return bytes;
    },
    stop: () => observer.disconnect(),
  };
}

function settledBytes(): number {
  let bytes = 0;
  for (const { space_name, space_used_size } of getHeapSpaceStatistics()) {
    if (!young.has(space_name)) bytes += space_used_size;
  }
  return bytes;
}
