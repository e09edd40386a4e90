import { BookPublisher } from '../books/book-publisher.js';
import { oneByOne } from '../books/continuity.js';
import { DeltaBooks } from '../books/delta-books.js';
import { createSides, readPairs } from '../books/levels.js';
import { isObject } from '../reading/json.js';
import { toNumber } from '../reading/numbers.js';
import { epochSeconds } from '../reading/time.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { Market } from '../session/markets.js';
import type { Protocol } from '../session/stream-session.js';
import { bybitProtocol } from './protocol.js';

const depths = [1, 50, 200, 1000];

/**
 * Snapshot and deltas numbered by `u`. A new snapshot may come at any time (`u` 1 after a restart of the service) and
 * replaces the book. After a gap the market is unsubscribed and subscribed, which brings one.
 */
export function bybitOrderbook(context: ProtocolContext): Protocol {
  const depth = depths.find((offered) => offered >= context.depth) ?? 1000;
  const topicOf = (market: Market): string => `orderbook.${depth}.${market.wire}`;
  const publisher = new BookPublisher(context);
  const sides = createSides();
  const books = new DeltaBooks({
    continuity: oneByOne,
    publisher,
    changes: context.changes,
    resync: (market, why, reading) => {
      if (why === 'absent') return;
      // With an id of its own, so that the answers are not taken for those of a first subscription.
      reading.reply(JSON.stringify({ op: 'unsubscribe', args: [topicOf(market)], req_id: 'resync' }));
      reading.reply(JSON.stringify({ op: 'subscribe', args: [topicOf(market)], req_id: 'resync' }));
    },
  });
  const protocol = bybitProtocol(context, topicOf, (message, _text, reading) => {
    const data = isObject(message.data) ? message.data : {};
    const market = context.markets.ofData(data.s, reading);
    if (market === undefined) return;
    const last = toNumber(data.u);
    const time = epochSeconds(message.cts ?? message.ts);
    if ((readPairs(data.a, sides.asks) | readPairs(data.b, sides.bids)) !== 0 || !(time > 0 && last > 0)) {
      reading.fail('shape', 'The order book lacks a time, its number or two numbers per level.', market.code);
      books.lose(market, reading);
    } else if (message.type === 'snapshot') {
      books.snapshot(market, sides, last, time, undefined, reading);
    } else {
      books.delta(market, sides, { first: Number.NaN, previous: Number.NaN, last }, time, undefined, reading);
    }
  });
  return { ...protocol, flush: (reading) => publisher.flush(reading) };
}
