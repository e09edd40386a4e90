import { BookPublisher } from '../books/book-publisher.js';
import { interleavedChecksum } from '../books/checksums.js';
import { type Continuity, chained } from '../books/continuity.js';
import { DeltaBooks } from '../books/delta-books.js';
import { type BookSides, createSides, type Levels, readPairs } from '../books/levels.js';
import { type SnapshotPosition, SnapshotRequests } from '../books/snapshot-requests.js';
import { publishWhole } from '../books/whole-book.js';
import { isObject, type JsonObject } from '../reading/json.js';
import { toNumber } from '../reading/numbers.js';
import { epochSeconds } from '../reading/time.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { Market } from '../session/markets.js';
import type { Reading } from '../session/reading.js';
import type { Protocol } from '../session/stream-session.js';
import { okxProtocol, okxRequest } from './protocol.js';

/** How long updates may arrive without a snapshot in the stream before REST is asked for one, in seconds. */
const snapshotPatience = 3;

/** Captures from before 2023 carry no numbers at all, only a checksum. */
const continuity: Continuity = (sequence, delta, spliced) =>
  Number.isNaN(delta.last) ? 'next' : chained(sequence, delta, spliced);

/**
 * `books`: a snapshot of 400 levels, then updates that name their predecessor. Equal numbers with empty sides mean
 * "still here"; a number below its predecessor is a reset and in order. `books5` and `bbo-tbt` are whole every time.
 * The checksum is 0 or missing since 2026; where it is not 0 it is verified. Should the snapshot stay away, as the
 * exchange has announced, it is fetched.
 */
export function okxOrderbook(context: ProtocolContext): Protocol {
  const { markets, kind } = context;
  const publisher = new BookPublisher(context);
  const sides = createSides();
  const waitingSince = new WeakMap<Market, number>();
  const rest = context.rest('https://www.okx.com');
  const requests = new SnapshotRequests({
    url: (market) => `${rest}/api/v5/market/books?instId=${encodeURIComponent(market.wire)}&sz=400`,
    read: readSnapshot,
  });
  const books = new DeltaBooks({
    continuity,
    publisher,
    buffers: true,
    keep: () => 400,
    checksum: interleavedChecksum,
    changes: context.changes,
    resync: (market, why, reading) => {
      const since = waitingSince.get(market) ?? reading.receivedAt;
      waitingSince.set(market, why === 'lost' ? reading.receivedAt : since);
      if (why === 'lost') {
        reading.reply(okxRequest('unsubscribe', kind, [market]).payload);
        reading.reply(okxRequest('subscribe', kind, [market]).payload);
      } else if (reading.receivedAt - since >= snapshotPatience) {
        requests.want(market, reading);
      }
    },
  });

  const readBook = (message: JsonObject, data: JsonObject, market: Market, reading: Reading): void => {
    const time = epochSeconds(data.ts);
    if ((readPairs(data.asks, sides.asks) | readPairs(data.bids, sides.bids)) !== 0 || !(time > 0)) {
      reading.fail('shape', 'The order book lacks a time or two numbers per level.', market.code);
      if (message.action !== undefined) books.lose(market, reading);
      return;
    }
    const last = toNumber(data.seqId);
    const sum = toNumber(data.checksum);
    const checksum = sum === 0 || Number.isNaN(sum) ? undefined : sum;
    if (checksum !== undefined) addTexts(data, sides);
    if (message.action === 'snapshot') {
      waitingSince.delete(market);
      books.snapshot(market, sides, last, time, checksum, reading);
    } else if (message.action === 'update') {
      books.delta(
        market,
        sides,
        { first: Number.NaN, previous: toNumber(data.prevSeqId), last },
        time,
        checksum,
        reading,
      );
    } else {
      publishWhole(publisher, market, sides, time, last >= 0 ? String(last) : undefined, 'REALTIME', reading);
    }
  };

  const protocol = okxProtocol(context, (message, arg, list, _text, reading) => {
    for (const data of list) {
      const market = isObject(data) ? markets.ofData(data.instId ?? arg.instId, reading) : undefined;
      if (market !== undefined) readBook(message, data as JsonObject, market, reading);
    }
  });

  return { ...requests.around(protocol, books), flush: (reading) => publisher.flush(reading) };
}

/** The checksum is made of the digits as sent. */
function addTexts(data: JsonObject, sides: BookSides): void {
  const add = (list: unknown, into: Levels): void => {
    for (const pair of Array.isArray(list) ? list : []) into.texts.push(`${pair[0]}:${pair[1]}`);
  };
  add(data.asks, sides.asks);
  add(data.bids, sides.bids);
}

/** Reads `{"code":"0","data":[{"asks":…,"bids":…,"ts":"…","seqId":…}]}`. */
function readSnapshot(answer: unknown, sides: BookSides): SnapshotPosition | undefined {
  const data = isObject(answer) && Array.isArray(answer.data) ? answer.data[0] : undefined;
  if (!isObject(data) || (readPairs(data.asks, sides.asks) | readPairs(data.bids, sides.bids)) !== 0) return undefined;
  const sequence = toNumber(data.seqId);
  const time = epochSeconds(data.ts);
  return sequence >= 0 && time > 0 ? { sequence, time } : undefined;
}
