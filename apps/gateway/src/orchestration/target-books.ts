import { type Logger, type Target, targetKey } from '@naru/core';
import { withFields } from '../logging.js';
import type { MinuteSource } from '../minutes/minute-figures.js';
import { type Accounts, sumAccounts } from '../publishing/accounts.js';
import { createLatency, type Latency, type LatencySummary } from '../publishing/latency.js';
import type { PublisherSnapshot, RecordPublisher } from '../publishing/record-publisher.js';
import type { Stream, StreamSnapshot } from '../streams/stream.js';

/** One target as the read API shows it. */
export interface StreamReport extends PublisherSnapshot {
  readonly target: Target;
  /** Gaps and broken checksums in what the exchange sent. */
  readonly upstreamGaps: number;
  /** Null after a disconnect: what it received stays in the accounts. */
  readonly stream: StreamSnapshot | null;
}

/** What became of the records of every target. */
export type StreamTotals = Accounts & { readonly latency: LatencySummary | null };

export interface TargetBooksOptions {
  readonly createPublisher: (target: Target, logger: Logger) => RecordPublisher;
  /** The open stream of a target, by the target's key. */
  readonly streamOf: (key: string) => Stream | undefined;
  readonly logger: Logger;
}

/** What outlives the streams of a target. */
interface TargetBook {
  readonly target: Target;
  readonly publisher: RecordPublisher;
  /** What streams of this target had received when they ended. */
  readonly ended: { bytes: number; parseFailures: number; upstreamGaps: number };
}

/** One book for each target that ever had a stream, or records in the spool. Targets are a closed set. */
export class TargetBooks {
  readonly #options: TargetBooksOptions;
  readonly #books = new Map<string, TargetBook>();

  constructor(options: TargetBooksOptions) {
    this.#options = options;
  }

  get publishers(): readonly RecordPublisher[] {
    return [...this.#books.values()].map(({ publisher }) => publisher);
  }

  /** The publisher of a target, made when there is none. */
  publisherOf(target: Target): RecordPublisher {
    return this.#bookOf(target).publisher;
  }

  /** Enters what a stream received, whose sockets are closed, and hands over what its publisher holds. */
  close(stream: Stream): void {
    const { publisher, ended } = this.#bookOf(stream.target);
    publisher.flush();
    const { bytes, parseFailures } = stream.snapshot();
    ended.bytes += bytes;
    ended.parseFailures += sumOf(parseFailures) - gapsOf(parseFailures);
    ended.upstreamGaps += gapsOf(parseFailures);
  }

  report(): StreamReport[] {
    return [...this.#books.entries()].map(([key, { target, publisher, ended }]) => {
      const stream = this.#options.streamOf(key)?.snapshot() ?? null;
      return {
        target,
        stream,
        upstreamGaps: ended.upstreamGaps + gapsOf(stream?.parseFailures),
        ...publisher.snapshot(),
      };
    });
  }

  /** All targets together. */
  totals(): StreamTotals {
    const accounts = [...this.#books.values()].map(({ publisher }) => publisher.snapshot().accounts);
    return { ...sumAccounts(accounts), latency: this.latency().summary() };
  }

  /** The waits of all targets from receipt to acknowledgement, as a copy. */
  latency(): Latency {
    const all = createLatency();
    for (const { publisher } of this.#books.values()) all.add(publisher.latency);
    return all;
  }

  /** Every target as the minute that ends left it. */
  takeMinute(): MinuteSource[] {
    return [...this.#books.entries()].map(([key, { target, publisher, ended }]) => {
      const stream = this.#options.streamOf(key);
      const { bytes, parseFailures } = stream?.snapshot() ?? { bytes: 0, parseFailures: {} };
      return {
        target,
        accounts: publisher.snapshot().accounts,
        bytes: ended.bytes + bytes,
        parseFailures: ended.parseFailures + sumOf(parseFailures) - gapsOf(parseFailures),
        upstreamGaps: ended.upstreamGaps + gapsOf(parseFailures),
        batches: publisher.batches,
        wantedSymbols: stream?.symbols.length ?? 0,
        ...publisher.takeMinute(),
      };
    });
  }

  #bookOf(target: Target): TargetBook {
    const key = targetKey(target);
    let book = this.#books.get(key);
    if (!book) {
      const logger = withFields(this.#options.logger, { target: key });
      book = {
        target,
        publisher: this.#options.createPublisher(target, logger),
        ended: { bytes: 0, parseFailures: 0, upstreamGaps: 0 },
      };
      this.#books.set(key, book);
    }
    return book;
  }
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** What the exchange left out, in contrast to what it sent and nobody understood. */
function gapsOf(failures: StreamSnapshot['parseFailures'] = {}): number {
  return (failures.gap ?? 0) + (failures.checksum ?? 0);
}
