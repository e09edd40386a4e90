import { BookPublisher } from '../books/book-publisher.js';
import { ranged } from '../books/continuity.js';
import { DeltaBooks } from '../books/delta-books.js';
import { type BookSides, createSides, readPairs } from '../books/levels.js';
import { type SnapshotPosition, SnapshotRequests } from '../books/snapshot-requests.js';
import { publishWhole } from '../books/whole-book.js';
import { isObject, type JsonObject } from '../reading/json.js';
import { toNumber } from '../reading/numbers.js';
import { epochSeconds } from '../reading/time.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { Reading } from '../session/reading.js';
import type { Protocol } from '../session/stream-session.js';
import { binanceProtocol } from './protocol.js';

/**
 * Deltas `depthUpdate` (`U` first and `u` last update, absolute sizes) on a snapshot that only REST has:
 * buffer, fetch, drop what the snapshot holds, apply the rest; then each `U` must follow the last `u`.
 * Partial books (`depth5|10|20`) are whole, and name their market only in the combined wrapper.
 */
export function binanceOrderbook(context: ProtocolContext): Protocol {
  const { markets } = context;
  const publisher = new BookPublisher(context);
  const sides = createSides();
  const rest = context.rest('https://api.binance.com');
  const requests = new SnapshotRequests({
    url: (market) => `${rest}/api/v3/depth?symbol=${encodeURIComponent(market.wire)}&limit=1000`,
    read: readSnapshot,
  });
  const books = new DeltaBooks({
    continuity: ranged,
    publisher,
    buffers: true,
    changes: context.changes,
    resync: (market, _why, reading) => requests.want(market, reading),
  });

  const readPartial = (event: JsonObject, stream: string, reading: Reading): void => {
    const market = markets.ofData(stream.slice(0, Math.max(0, stream.indexOf('@'))).toUpperCase(), reading);
    if (market === undefined) return;
    if (readPairs(event.asks, sides.asks) !== 0 || readPairs(event.bids, sides.bids) !== 0) {
      reading.fail('shape', 'The order book has a level that is not two numbers.', market.code);
      return;
    }
    const sequence = toNumber(event.lastUpdateId);
    publishWhole(
      publisher,
      market,
      sides,
      reading.receivedAt,
      sequence >= 0 ? String(sequence) : undefined,
      'REALTIME',
      reading,
    );
  };

  const protocol = binanceProtocol(context, (event, stream, _text, reading) => {
    if (stream !== undefined && event.lastUpdateId !== undefined) {
      readPartial(event, stream, reading);
      return;
    }
    if (event.e !== 'depthUpdate') return;
    const market = markets.ofData(event.s, reading);
    if (market === undefined) return;
    const first = toNumber(event.U);
    const last = toNumber(event.u);
    const time = epochSeconds(event.E);
    if (readPairs(event.a, sides.asks) !== 0 || readPairs(event.b, sides.bids) !== 0 || !(time > 0 && last >= first)) {
      reading.fail('shape', 'The order-book update lacks its numbers.', market.code);
      books.lose(market, reading);
      return;
    }
    books.delta(market, sides, { first, previous: Number.NaN, last }, time, undefined, reading);
  });

  return { ...requests.around(protocol, books), flush: (reading) => publisher.flush(reading) };
}

/** Reads `{"lastUpdateId":…,"bids":[…],"asks":[…]}`, which has no time. */
function readSnapshot(answer: unknown, sides: BookSides): SnapshotPosition | undefined {
  if (!isObject(answer) || answer.asks === undefined || answer.bids === undefined) return undefined;
  if ((readPairs(answer.asks, sides.asks) | readPairs(answer.bids, sides.bids)) !== 0) return undefined;
  const sequence = toNumber(answer.lastUpdateId);
  return sequence >= 0 ? { sequence } : undefined;
}
