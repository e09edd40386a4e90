import { BookPublisher } from '../books/book-publisher.js';
import { krakenChecksum } from '../books/checksums.js';
import { unnumbered } from '../books/continuity.js';
import { DeltaBooks } from '../books/delta-books.js';
import { createSides, readObjects } from '../books/levels.js';
import { toNumber } from '../reading/numbers.js';
import { rfc3339Seconds } from '../reading/time.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { Protocol } from '../session/stream-session.js';
import { LevelDigits } from './level-digits.js';
import { krakenProtocol, krakenRequest } from './protocol.js';

const depths = [10, 25, 100, 500, 1000];

/**
 * A snapshot and updates of absolute sizes; after each the book is cut to the subscribed depth and its ten best levels
 * per side must have the frame's CRC32. A book that differs is unsubscribed and subscribed again.
 */
export function krakenOrderbook(context: ProtocolContext): Protocol {
  let depth = depths.find((offered) => offered >= context.depth) ?? 1000;
  const publisher = new BookPublisher(context);
  const sides = createSides();
  const digits = new LevelDigits();
  let frame: object | undefined;
  let position = 0;
  const parameters = { channel: 'book', depth, snapshot: true };
  const books = new DeltaBooks({
    continuity: unnumbered,
    publisher,
    keep: () => depth,
    checksum: krakenChecksum,
    changes: context.changes,
    resync: (market, why, reading) => {
      if (why === 'absent') return;
      reading.reply(krakenRequest('unsubscribe', [market], { channel: 'book', depth }).payload);
      reading.reply(krakenRequest('subscribe', [market], { ...parameters, depth }).payload);
    },
  });
  const protocol = krakenProtocol(context, {
    parameters,
    // The exchange says how deep the book is; a capture may hold one of another depth than asked for here.
    acknowledged: (result) => {
      if (depths.includes(result.depth as number)) depth = result.depth as number;
    },
    reader: (data, market, streamType, text, reading) => {
      if (frame !== reading) {
        frame = reading;
        position = 0;
        digits.open(text);
      }
      const time = rfc3339Seconds(data.timestamp);
      const checksum = toNumber(data.checksum);
      const bad =
        readObjects(data.asks, 'price', 'qty', sides.asks) | readObjects(data.bids, 'price', 'qty', sides.bids);
      if (bad !== 0 || Number.isNaN(checksum)) {
        reading.fail('shape', 'The order book lacks its checksum or two numbers per level.', market.code);
        books.lose(market, reading);
        return;
      }
      const start = quoted(market.wire, text, position);
      position = start < 0 ? position : start + 1;
      digits.seek('"bids"', start);
      digits.read(sides.bids);
      digits.seek('"asks"', start);
      digits.read(sides.asks);
      const at = time > 0 ? time : reading.receivedAt;
      if (streamType === 'SNAPSHOT') {
        books.snapshot(market, sides, Number.NaN, at, checksum, reading);
      } else {
        const numbers = { first: Number.NaN, previous: Number.NaN, last: Number.NaN };
        books.delta(market, sides, numbers, at, checksum, reading);
      }
    },
  });
  return { ...protocol, flush: (reading) => publisher.flush(reading) };
}

/** Where a word stands between quotes, at or after `from`; -1 where it does not. */
function quoted(word: string, text: string, from: number): number {
  let at = text.indexOf(word, from);
  while (at >= 0 && !(text.charCodeAt(at - 1) === 34 && text.charCodeAt(at + word.length) === 34)) {
    at = text.indexOf(word, at + 1);
  }
  return at;
}
