/** The numbers by which a delta says where it belongs. Absent ones are NaN. */
export interface DeltaSequence {
  /** First update inside the delta. */
  readonly first: number;
  /** Last update before the delta. */
  readonly previous: number;
  /** Last update inside the delta; the book's sequence afterwards. */
  readonly last: number;
}

/**
 * What a delta is to a book: the next one, one the book already holds, or one after something missing.
 * `spliced` is true for the first delta after a snapshot that came from elsewhere.
 */
export type Continuity = (sequence: number, delta: DeltaSequence, spliced: boolean) => 'next' | 'held' | 'gap';

/** Deltas that carry no number: what is lost shows only in a checksum, or not at all. */
export const unnumbered: Continuity = () => 'next';

/** Numbered one by one (Bybit `u`). */
export const oneByOne: Continuity = (sequence, delta) => (delta.last === sequence + 1 ? 'next' : 'gap');

/**
 * Each names its predecessor (OKX `prevSeqId`, HTX `prevSeqNum`). After a splice, deltas up to the snapshot are held
 * already. The chain, not the size of the numbers, decides: a maintenance reset goes backwards and is in order.
 */
export const chained: Continuity = (sequence, delta, spliced) => {
  if (delta.previous === sequence) return 'next';
  return spliced && delta.last <= sequence ? 'held' : 'gap';
};

/** Each covers a range of updates (Binance `U`…`u`). The first after a snapshot must cover the one after it. */
export const ranged: Continuity = (sequence, delta, spliced) => {
  if (delta.first === sequence + 1) return 'next';
  if (!spliced) return 'gap';
  if (delta.last <= sequence) return 'held';
  return delta.first <= sequence + 1 ? 'next' : 'gap';
};
