/** Runs each contestant once, or answers null when it cannot run here. */
export type Contestant<T> = () => Promise<T | null>;

/**
 * Runs all contestants round after round, each round beginning with another one, so that a machine that warms up or is
 * disturbed for a while treats them alike. One that cannot run is not asked again.
 */
export async function alternate<T>(
  rounds: number,
  contestants: Readonly<Record<string, Contestant<T>>>,
  onResult: (round: number, name: string, result: T | null) => void = () => {},
): Promise<Readonly<Record<string, readonly T[]>>> {
  const names = Object.keys(contestants);
  const results: Record<string, T[]> = Object.fromEntries(names.map((name) => [name, []]));
  const out = new Set<string>();
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(round + turn) % names.length]!;
      if (out.has(name)) continue;
      const result = await contestants[name]!();
      if (result === null) out.add(name);
      else results[name]!.push(result);
      onResult(round, name, result);
    }
  }
  return results;
}

/** The middle value, or the mean of both middle ones; null of none. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The least and the greatest value; undefined of none. */
export function spreadOf(values: readonly number[]): [number, number] | undefined {
  return values.length === 0 ? undefined : [Math.min(...values), Math.max(...values)];
}

/** The value that `share` (0 to 1) of all values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
