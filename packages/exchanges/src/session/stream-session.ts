import type { MarketRecord } from '@naru/core';
import type { ExchangeSession, Outgoing, Received, SessionCounts, SnapshotRequest } from '../adapter.js';
import type { MarketChange, Markets } from './markets.js';
import { Reading } from './reading.js';

/** What one exchange adds to the common session: its words, its shapes, its state. */
export interface Protocol {
  /** Frames that carry a changed set of markets to the exchange. */
  change(change: MarketChange): Outgoing[];
  /** Reads one parsed frame. Must take any JSON value. */
  read(message: unknown, text: string, reading: Reading): void;
  /** Whether lists of its frames may come as `Rows`. Not with `decode`. Default false. */
  readonly takesRows?: boolean;
  /** Turns bytes into text; default UTF-8. May throw on bytes that do not decompress. */
  decode?(data: Buffer): string;
  /** Reads a frame that is deliberately not JSON, such as a bare `pong`; true when it was one. */
  readPlain?(text: string, reading: Reading): boolean;
  answer?(request: SnapshotRequest, body: string | Error, reading: Reading): void;
  flush?(reading: Reading): void;
}

const decodeUtf8 = (data: Buffer): string => data.toString('utf8');

/** The session all exchanges share: decodes, parses, counts, and lets the protocol read. */
export class StreamSession implements ExchangeSession {
  readonly #markets: Markets;
  readonly #protocol: Protocol;
  readonly #decode: (data: Buffer) => string;
  readonly #parse: (text: string, data: Buffer | string) => unknown;
  readonly #counts = { frames: 0, records: 0, failures: 0, gaps: 0, checksumMismatches: 0, resyncs: 0 };

  /** @param parse the value of JSON text; undefined when it is none */
  constructor(markets: Markets, protocol: Protocol, parse: (text: string, data: Buffer | string) => unknown) {
    this.#markets = markets;
    this.#protocol = protocol;
    this.#parse = parse;
    this.#decode = protocol.decode?.bind(protocol) ?? decodeUtf8;
  }

  changeSymbols(wanted: readonly string[]): Outgoing[] {
    return this.#protocol.change(this.#markets.change(wanted));
  }

  receive(data: Buffer | string, receivedAt: number): Received {
    const reading = new Reading(receivedAt);
    this.#counts.frames += 1;
    this.#read(data, reading);
    return this.#counted(reading);
  }

  answer(request: SnapshotRequest, body: string | Error, receivedAt: number): Received {
    const reading = new Reading(receivedAt);
    this.#protocol.answer?.(request, body, reading);
    return this.#counted(reading);
  }

  flush(receivedAt: number): readonly MarketRecord[] {
    const reading = new Reading(receivedAt);
    this.#protocol.flush?.(reading);
    return this.#counted(reading).records;
  }

  get unconfirmed(): readonly string[] {
    return this.#markets.unconfirmed;
  }

  get silent(): readonly string[] {
    return this.#markets.silent;
  }

  get counts(): SessionCounts {
    return this.#counts;
  }

  #read(data: Buffer | string, reading: Reading): void {
    let text: string;
    try {
      text = typeof data === 'string' ? data : this.#decode(data);
    } catch (cause) {
      reading.fail('encoding', `The frame does not decompress: ${(cause as Error).message}`);
      return;
    }
    if (this.#protocol.readPlain?.(text, reading)) return;
    const message = this.#parse(text, data);
    if (message === undefined) reading.fail('syntax', 'The frame is not JSON.');
    else this.#protocol.read(message, text, reading);
  }

  #counted(reading: Reading): Reading {
    const counts = this.#counts;
    counts.records += reading.records.length;
    for (const failure of reading.failures) {
      counts.failures += 1;
      if (failure.kind === 'gap') counts.gaps += 1;
      if (failure.kind === 'checksum') counts.checksumMismatches += 1;
    }
    counts.resyncs += reading.resyncs;
    return reading;
  }
}
