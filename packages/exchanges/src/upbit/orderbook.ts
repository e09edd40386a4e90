import { BookPublisher } from '../books/book-publisher.js';
import { createSides, pushLevel } from '../books/levels.js';
import { publishWhole } from '../books/whole-book.js';
import { isObject } from '../reading/json.js';
import { toNumber } from '../reading/numbers.js';
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
    let bad = Array.isArray(units) ? 0 : 1;
    for (const unit of Array.isArray(units) ? units : []) {
      if (!isObject(unit)) {
        bad += 1;
        continue;
      }
      bad += pushUnlessPadding(sides.asks, toNumber(unit.ask_price ?? unit.ap), toNumber(unit.ask_size ?? unit.as));
      bad += pushUnlessPadding(sides.bids, toNumber(unit.bid_price ?? unit.bp), toNumber(unit.bid_size ?? unit.bs));
    }
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
  return { ...upbitProtocol(context, around(read)), flush: (reading) => publisher.flush(reading) };
}

const pushUnlessPadding: typeof pushLevel = (into, price, size) =>
  price === 0 && size >= 0 ? 0 : pushLevel(into, price, size);
