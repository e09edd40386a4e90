import { BookPublisher } from '../books/book-publisher.js';
import { type BookSides, createSides, pushLevel } from '../books/levels.js';
import { publishWhole } from '../books/whole-book.js';
import { isObject } from '../reading/json.js';
import { toNumber } from '../reading/numbers.js';
import { Rows } from '../reading/rows.js';
import { epochSeconds } from '../reading/time.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { Protocol } from '../session/stream-session.js';
import { streamTypeOf, type UpbitReader, upbitProtocol } from './protocol.js';

/**
 * Every frame is the whole book. A unit is one rank of both sides; a side with fewer orders is padded with price 0 and
 * size 0, and Bithumb rounds sizes to four decimals, so 0 also stands at real prices. Both are no levels.
 */
export function upbitOrderbook(
  context: ProtocolContext,
  around: (reader: UpbitReader) => UpbitReader = (reader) => reader,
): Protocol {
  const publisher = new BookPublisher(context);
  const sides = createSides();
  const read: UpbitReader = (data, market, _text, reading) => {
    const units = data.orderbook_units ?? data.obu;
    sides.asks.clear();
    sides.bids.clear();
    const bad = units instanceof Rows ? pushRows(units, sides) : pushUnits(units, sides);
    const time = epochSeconds(data.timestamp ?? data.tms);
    if (bad > 0) {
      reading.fail('shape', 'The order book has a level that is not two numbers.', market.code);
      return;
    }
    // Frames trimmed to prices alone exist; the receipt time is then the only one.
    publishWhole(
      publisher,
      market,
      sides,
      time > 0 ? time : reading.receivedAt,
      undefined,
      streamTypeOf(data),
      reading,
    );
  };
  return { ...upbitProtocol(context, around(read)), takesRows: true, flush: (reading) => publisher.flush(reading) };
}

/** Answers how many levels could not be read; no list at all counts as one. */
function pushUnits(units: unknown, { asks, bids }: BookSides): number {
  if (!Array.isArray(units)) return 1;
  let bad = 0;
  for (const unit of units) {
    if (!isObject(unit)) {
      bad += 1;
      continue;
    }
    bad += pushUnlessPadding(asks, toNumber(unit.ask_price ?? unit.ap), toNumber(unit.ask_size ?? unit.as));
    bad += pushUnlessPadding(bids, toNumber(unit.bid_price ?? unit.bp), toNumber(unit.bid_size ?? unit.bs));
  }
  return bad;
}

const pushUnlessPadding: typeof pushLevel = (into, price, size) =>
  price === 0 && size >= 0 ? 0 : pushLevel(into, price, size);

function pushRows(rows: Rows, sides: BookSides): number {
  const { numbers, length, columns } = rows;
  const askPrice = rows.column('ask_price', 'ap');
  const askSize = rows.column('ask_size', 'as');
  const bidPrice = rows.column('bid_price', 'bp');
  const bidSize = rows.column('bid_size', 'bs');
  if (Math.min(askPrice, askSize, bidPrice, bidSize) < 0) return length;
  let bad = 0;
  for (let row = 0; row < length * columns.length; row += columns.length) {
    bad += pushUnlessPadding(sides.asks, numbers[row + askPrice]!, numbers[row + askSize]!);
    bad += pushUnlessPadding(sides.bids, numbers[row + bidPrice]!, numbers[row + bidSize]!);
  }
  return bad;
}
