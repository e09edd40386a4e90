import { BookPublisher } from '../books/book-publisher.js';
import { createSides, readObjects } from '../books/levels.js';
import { publishWhole } from '../books/whole-book.js';
import { epochSeconds } from '../reading/time.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { Market } from '../session/markets.js';
import type { Protocol } from '../session/stream-session.js';
import { coinoneProtocol } from './protocol.js';

/**
 * Every frame is the whole book, asks worst first. `id` grows with time: a frame whose id is not above the last one
 * is old. The first frame's `timestamp` may be ten seconds stale, its `id` is not.
 */
export function coinoneOrderbook(context: ProtocolContext): Protocol {
  const publisher = new BookPublisher(context);
  const sides = createSides();
  const lastIds = new WeakMap<Market, string>();
  const protocol = coinoneProtocol(context, (data, market, reading) => {
    const bad =
      readObjects(
        data.asks ?? data.a,
        data.asks === undefined ? 'p' : 'price',
        data.asks === undefined ? 'q' : 'qty',
        sides.asks,
      ) |
      readObjects(
        data.bids ?? data.b,
        data.bids === undefined ? 'p' : 'price',
        data.bids === undefined ? 'q' : 'qty',
        sides.bids,
      );
    const time = epochSeconds(data.timestamp ?? data.t);
    const id = data.id ?? data.i;
    if (bad !== 0 || !(time > 0) || typeof id !== 'string' || id === '') {
      reading.fail('shape', 'The order book lacks a time, an id or two numbers per level.', market.code);
      return;
    }
    const last = lastIds.get(market);
    if (last !== undefined && !isLater(id, last) && !context.repeats) return;
    lastIds.set(market, id);
    publishWhole(publisher, market, sides, time, id, 'REALTIME', reading);
  });
  return { ...protocol, takesRows: true, flush: (reading) => publisher.flush(reading) };
}

/** Compares ids as the numbers they are, at any length. */
const isLater = (id: string, than: string): boolean =>
  id.length === than.length ? id > than : id.length > than.length;
