import { BookPublisher } from '../books/book-publisher.js';
import { interleavedChecksum } from '../books/checksums.js';
import { unnumbered } from '../books/continuity.js';
import { DeltaBooks } from '../books/delta-books.js';
import { type BookSides, createSides } from '../books/levels.js';
import { toNumber } from '../reading/numbers.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { Protocol } from '../session/stream-session.js';
import { type BitfinexProtocol, bitfinexProtocol } from './protocol.js';

const lengths = [25, 100, 250];

/**
 * Rows `[PRICE,COUNT,AMOUNT]`: COUNT above 0 sets a level, of the bids when AMOUNT is above 0; COUNT 0 removes one, of
 * the bids when AMOUNT is 1. A list of rows is the whole book. The checksum frame that follows updates covers the 25
 * best levels; a book that differs is unsubscribed and, once that is acknowledged, subscribed again.
 */
export function bitfinexOrderbook(context: ProtocolContext): Protocol {
  const publisher = new BookPublisher(context);
  const sides = createSides();
  const books = new DeltaBooks({
    continuity: unnumbered,
    publisher,
    checksum: interleavedChecksum,
    changes: context.changes,
    resync: (market, why, reading) => {
      if (why === 'lost') protocol.resubscribe(market, reading);
    },
  });
  const protocol: BitfinexProtocol = bitfinexProtocol(context, {
    parameters: {
      prec: 'P0',
      freq: 'F0',
      len: String(lengths.find((offered) => offered >= context.depth) ?? 250),
    },
    checksum: (market, checksum, reading) => books.verify(market, checksum, reading),
    reader: ({ market, payload, time }, _text, reading) => {
      sides.asks.clear();
      sides.bids.clear();
      const isUpdate = typeof payload[0] === 'number';
      let bad = 0;
      if (isUpdate) bad = addRow(payload, sides);
      else for (const row of payload) bad += Array.isArray(row) ? addRow(row, sides) : 1;
      const at = time > 0 ? time : reading.receivedAt;
      if (bad > 0) {
        reading.fail('shape', 'The order book has a row that is not three numbers.', market.code);
        books.lose(market, reading);
      } else if (isUpdate) {
        const numbers = { first: Number.NaN, previous: Number.NaN, last: Number.NaN };
        books.delta(market, sides, numbers, at, undefined, reading);
      } else {
        books.snapshot(market, sides, Number.NaN, at, undefined, reading);
      }
    },
  });
  return { ...protocol, flush: (reading) => publisher.flush(reading) };
}

/** Adds a row to its side. Checksum texts follow from the numbers: the exchange prints them as JavaScript does. */
function addRow(row: readonly unknown[], sides: BookSides): 0 | 1 {
  const price = toNumber(row[0]);
  const count = toNumber(row[1]);
  const amount = toNumber(row[2]);
  if (!(price > 0 && count >= 0 && (amount > 0 || amount < 0))) return 1;
  const side = amount > 0 ? sides.bids : sides.asks;
  side.push(price, count === 0 ? 0 : Math.abs(amount));
  return 0;
}
