/** Speeds of counts that only grow, each from two readings. */
export interface Rates {
  /** Takes a reading: counts by name, and the gateway's own clock in Unix milliseconds. */
  read(now: number, counts: ReadonlyMap<string, number>): void;
  /** A second; null before there are two readings of it. */
  of(name: string): number | null;
}

/** A speed over less than this is chance: the reading is passed over, and the speed stays as it was. */
const leastMs = 500;

export function createRates(): Rates {
  let before: ReadonlyMap<string, number> = new Map();
  let beforeAt: number | undefined;
  let rates = new Map<string, number>();
  return {
    read(now, counts) {
      const ms = beforeAt === undefined ? 0 : now - beforeAt;
      // A clock that steps back begins anew.
      if (beforeAt !== undefined && ms >= 0 && ms < leastMs) return;
      rates = new Map();
      for (const [name, count] of counts) {
        const last = before.get(name);
        // A count that is smaller now is another process's.
        if (ms > 0 && last !== undefined && count >= last) rates.set(name, ((count - last) * 1_000) / ms);
      }
      before = counts;
      beforeAt = now;
    },
    of: (name) => rates.get(name) ?? null,
  };
}
