import { BookPublisher } from '../books/book-publisher.js';
import { createSides, readObjects } from '../books/levels.js';
import { publishWhole } from '../books/whole-book.js';
import { isObject } from '../reading/json.js';
import { epochSeconds } from '../reading/time.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { Protocol } from '../session/stream-session.js';
import { korbitProtocol } from './protocol.js';

/** Every frame is the whole book, best first. The book of a halted pair is empty. */
export function korbitOrderbook(context: ProtocolContext): Protocol {
  const publisher = new BookPublisher(context);
  const sides = createSides();
  const protocol = korbitProtocol(context, ({ data, timestamp }, market, streamType, _text, reading) => {
    if (!isObject(data)) {
      reading.fail('shape', 'The order book holds no data.', market.code);
      return;
    }
    const bad = readObjects(data.asks, 'price', 'qty', sides.asks) | readObjects(data.bids, 'price', 'qty', sides.bids);
    const time = epochSeconds(data.timestamp ?? timestamp);
    if (bad !== 0 || !(time > 0)) {
      reading.fail('shape', 'The order book lacks a time or two numbers per level.', market.code);
      return;
    }
    publishWhole(publisher, market, sides, time, undefined, streamType, reading);
  });
  return { ...protocol, takesRows: true, flush: (reading) => publisher.flush(reading) };
}
