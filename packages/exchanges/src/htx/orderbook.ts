import { BookPublisher } from '../books/book-publisher.js';
import { chained } from '../books/continuity.js';
import { DeltaBooks } from '../books/delta-books.js';
import { createSides, readPairs } from '../books/levels.js';
import { publishWhole } from '../books/whole-book.js';
import { isObject } from '../reading/json.js';
import { toNumber } from '../reading/numbers.js';
import { epochSeconds } from '../reading/time.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { Market } from '../session/markets.js';
import type { Protocol } from '../session/stream-session.js';
import { type HtxReader, htxProtocol } from './protocol.js';

/** A snapshot asked for and not answered within this many seconds is asked for again. */
const snapshotPatience = 3;

const incremental = 'mbp.150';

/**
 * `mbp.N` on `/feed`: increments that name their predecessor, on a snapshot requested over the same socket; an
 * increment may hold only the side that changed. `mbp.refresh.N` and `depth.step0` are whole every time.
 */
export function htxOrderbook(context: ProtocolContext): Protocol {
  const publisher = new BookPublisher(context);
  const sides = createSides();
  const requestedAt = new WeakMap<Market, number>();
  const books = new DeltaBooks({
    continuity: chained,
    publisher,
    buffers: true,
    keep: () => 150,
    changes: context.changes,
    resync: (market, _why, reading) => {
      const last = requestedAt.get(market);
      if (last !== undefined && reading.receivedAt - last < snapshotPatience) return;
      requestedAt.set(market, reading.receivedAt);
      reading.reply(JSON.stringify({ req: `market.${market.wire}.${incremental}`, id: `snapshot-${market.wire}` }));
    },
  });

  const reader: HtxReader = (market, channel, message, _text, reading) => {
    const isSnapshot = message.rep !== undefined;
    const book = isSnapshot ? message.data : message.tick;
    const isWhole = channel.startsWith('depth.') || channel.startsWith('mbp.refresh.');
    const tick = isObject(book) ? book : {};
    const last = toNumber(tick.seqNum ?? tick.version);
    const time = epochSeconds(message.ts);
    if (
      (readPairs(tick.asks, sides.asks) | readPairs(tick.bids, sides.bids)) !== 0 ||
      !(time > 0 && (isWhole || last > 0))
    ) {
      reading.fail('shape', 'The order book lacks a time, its number or two numbers per level.', market.code);
      if (!isWhole) books.lose(market, reading);
    } else if (isWhole) {
      publishWhole(publisher, market, sides, time, last >= 0 ? String(last) : undefined, 'REALTIME', reading);
    } else if (isSnapshot) {
      requestedAt.delete(market);
      books.splice(market, sides, last, time, reading);
    } else {
      const previous = toNumber(tick.prevSeqNum);
      books.delta(market, sides, { first: Number.NaN, previous, last }, time, undefined, reading);
    }
  };

  const protocol = htxProtocol(context, {
    channel: incremental,
    reads: (channel) => channel.startsWith('mbp.') || channel.startsWith('depth.'),
    reader,
  });
  return { ...protocol, flush: (reading) => publisher.flush(reading) };
}
