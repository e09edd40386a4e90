import type { BookLevel, StreamType } from '@naru/core';
import type { Market } from '../session/markets.js';
import type { Reading } from '../session/reading.js';
import type { BookPublisher } from './book-publisher.js';
import type { BookSides, Levels } from './levels.js';

/**
 * Publishes a frame that is the whole book. Levels without size are left out (some exchanges pad or round to them),
 * and either side may arrive worst first.
 */
export function publishWhole(
  publisher: BookPublisher,
  market: Market,
  sides: BookSides,
  time: number,
  sequence: string | undefined,
  streamType: StreamType,
  reading: Reading,
): void {
  const asks = bestFirst(sides.asks, 1);
  const bids = bestFirst(sides.bids, -1);
  publisher.publish(
    {
      market,
      time,
      sequence,
      asks: (depth) => firstOf(asks, depth),
      bids: (depth) => firstOf(bids, depth),
    },
    streamType,
    reading,
  );
}

const firstOf = (levels: BookLevel[], depth: number): BookLevel[] =>
  levels.length <= depth ? levels : levels.slice(0, depth);

/** Levels with a size, best first; `sign` 1 where the lowest price is best. Sorted only if they are out of order. */
function bestFirst(levels: Levels, sign: 1 | -1): BookLevel[] {
  const { prices, sizes, length } = levels;
  const backwards = length > 1 && (prices[0]! - prices[length - 1]!) * sign > 0;
  const ordered: BookLevel[] = [];
  let sorted = true;
  for (let i = 0; i < length; i += 1) {
    const at = backwards ? length - 1 - i : i;
    if (sizes[at] === 0) continue;
    const price = prices[at]!;
    if (ordered.length > 0 && (price - ordered[ordered.length - 1]![0]) * sign < 0) sorted = false;
    ordered.push([price, sizes[at]!]);
  }
  return sorted ? ordered : ordered.sort((a, b) => (a[0] - b[0]) * sign);
}
