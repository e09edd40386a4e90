import { BookPublisher } from '../books/book-publisher.js';
import { unnumbered } from '../books/continuity.js';
import { DeltaBooks } from '../books/delta-books.js';
import { createSides, pushLevel, readPairs } from '../books/levels.js';
import { toNumber } from '../reading/numbers.js';
import { rfc3339Seconds } from '../reading/time.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { Protocol } from '../session/stream-session.js';
import { coinbaseProtocol, coinbaseRequest } from './protocol.js';

/**
 * `level2_batch`: a snapshot, then changes without number or checksum, so a lost one cannot be noticed. Malformed
 * levels occur (`"0.-10000"`): they are reported and left out, the rest of the frame stands. Times may be missing or
 * zero: the receipt time, or the book's last one, then serves.
 */
export function coinbaseOrderbook(context: ProtocolContext): Protocol {
  const { markets } = context;
  const publisher = new BookPublisher(context);
  const sides = createSides();
  const books = new DeltaBooks({
    continuity: unnumbered,
    publisher,
    changes: context.changes,
    resync: (market, why, reading) => {
      if (why === 'absent') return;
      reading.reply(coinbaseRequest('unsubscribe', [market], ['level2_batch']));
      reading.reply(coinbaseRequest('subscribe', [market], ['level2_batch']));
    },
  });
  const protocol = coinbaseProtocol(context, (type, message, _text, reading) => {
    const market = markets.ofData(message.product_id, reading);
    if (market === undefined) return;
    const time = rfc3339Seconds(message.time);
    if (type === 'snapshot') {
      const asks = readPairs(message.asks, sides.asks);
      const bids = readPairs(message.bids, sides.bids);
      if (asks !== 0 || bids !== 0)
        reading.fail('shape', 'The snapshot has levels that are not two numbers.', market.code);
      if (asks < 0 || bids < 0) books.lose(market, reading);
      else books.snapshot(market, sides, Number.NaN, time > 0 ? time : reading.receivedAt, undefined, reading);
      return;
    }
    sides.asks.clear();
    sides.bids.clear();
    let bad = Array.isArray(message.changes) ? 0 : 1;
    for (const change of Array.isArray(message.changes) ? message.changes : []) {
      const side = Array.isArray(change)
        ? change[0] === 'buy'
          ? sides.bids
          : change[0] === 'sell'
            ? sides.asks
            : undefined
        : undefined;
      bad += side === undefined ? 1 : pushLevel(side, toNumber(change[1]), toNumber(change[2]));
    }
    if (bad > 0) reading.fail('shape', 'The update has changes that are not a side and two numbers.', market.code);
    const numbers = { first: Number.NaN, previous: Number.NaN, last: Number.NaN };
    books.delta(market, sides, numbers, time, undefined, reading);
  });
  return { ...protocol, flush: (reading) => publisher.flush(reading) };
}
