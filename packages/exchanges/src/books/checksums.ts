import { crc32 } from 'node:zlib';
import type { LocalBook } from './local-book.js';

/**
 * Kraken: CRC32, unsigned, of the ten best asks and then the ten best bids. A level's text is its price digits and
 * size digits as sent, without point and leading zeros.
 */
export function krakenChecksum({ asks, bids }: LocalBook): number {
  let text = '';
  for (let rank = 0; rank < 10; rank += 1) text += asks.textAt(rank) ?? '';
  for (let rank = 0; rank < 10; rank += 1) text += bids.textAt(rank) ?? '';
  return crc32(text);
}

/**
 * Bitfinex, and OKX until 2026: CRC32, signed, of the 25 best levels, bid and ask in turn, joined by colons.
 * A level's text is `price:size`; sizes of Bitfinex asks are negative.
 */
export function interleavedChecksum({ asks, bids }: LocalBook): number {
  const parts: string[] = [];
  for (let rank = 0; rank < 25; rank += 1) {
    const bid = bids.textAt(rank);
    if (bid !== undefined) parts.push(bid);
    const ask = asks.textAt(rank);
    if (ask !== undefined) parts.push(ask);
  }
  return crc32(parts.join(':')) | 0;
}
