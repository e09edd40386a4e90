import { Buffer } from 'node:buffer';
import { crc32 } from 'node:zlib';
import { DigitSlots, slotBytes } from './digit-slots.js';
import type { LevelColumn } from './level-column.js';
import { LevelTexts } from './level-texts.js';
import type { LocalBook } from './local-book.js';

/** An exchange's checksum of one book, and what it has to know of each level. */
export interface BookChecksum {
  readonly asks: LevelColumn;
  readonly bids: LevelColumn;
  of(book: LocalBook): number;
}

/**
 * Kraken: CRC32, unsigned, of the ten best asks and then the ten best bids. A level's text is its price digits and
 * size digits as sent, without point and leading zeros.
 */
export function krakenChecksum(): BookChecksum {
  const ranks = 10;
  const asks = new DigitSlots();
  const bids = new DigitSlots();
  return {
    asks,
    bids,
    of: (book) => {
      let end = asks.copyLast(ranks, book.asks.length, scratch, 0);
      end = bids.copyLast(ranks, book.bids.length, scratch, end);
      return crc32(scratch.subarray(0, end));
    },
  };
}

/** Room for the digits of twenty levels; a checksum is made in one go, so one is enough for all books. */
const scratch = Buffer.alloc(20 * slotBytes);

/**
 * Bitfinex, and OKX until 2026: CRC32, signed, of the 25 best levels, bid and ask in turn, joined by colons.
 * A level's text is `price:size`; sizes of Bitfinex asks are negative.
 */
export function interleavedChecksum(): BookChecksum {
  const ranks = 25;
  const asks = new LevelTexts(-1);
  const bids = new LevelTexts(1);
  return {
    asks,
    bids,
    of: (book) => {
      const parts: string[] = [];
      for (let rank = 1; rank <= ranks; rank += 1) {
        if (rank <= book.bids.length) parts.push(bids.at(book.bids.length - rank, book.bids));
        if (rank <= book.asks.length) parts.push(asks.at(book.asks.length - rank, book.asks));
      }
      return crc32(parts.join(':')) | 0;
    },
  };
}
