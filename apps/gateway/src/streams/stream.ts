import type { Clock, Logger, Target } from '@naru/core';
import type { ExchangeAdapter, FailureKind } from '@naru/exchanges';
import type { RecordPublisher } from '../publishing/record-publisher.js';
import { createRepeats, type Repeats } from '../repeats.js';
import {
  type ConnectionListener,
  type ConnectionSnapshot,
  StreamConnection,
  type StreamConnectionOptions,
} from './stream-connection.js';
import { type SubscriptionOutcome, type SubscriptionWatch, watchSubscription } from './subscription-outcome.js';
import { createSymbolShards, type SymbolShards } from './symbol-shards.js';

/** What a stream reports beyond the records it publishes. */
export interface StreamListener {
  /** A socket is open: the `socket`th of its connection. */
  onOpened(stream: Stream, connectionId: string, socket: number): void;
  onConfirmed(stream: Stream, symbols: readonly string[]): void;
  onRefused(stream: Stream, symbol: string | undefined, reason: string): void;
  onUnconfirmed(stream: Stream, symbols: readonly string[]): void;
  onTrouble(stream: Stream, error: Error): void;
}

export interface StreamOptions {
  readonly target: Target;
  readonly adapter: ExchangeAdapter;
  readonly url: URL;
  readonly publisher: RecordPublisher;
  readonly listener: StreamListener;
  /** Whether what comes now may still be taken: false once the lease of the target cannot be believed in. */
  readonly mayReceive: () => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly connection: Pick<
    StreamConnectionOptions,
    'dial' | 'fetchSnapshot' | 'admit' | 'budget' | 'random' | 'proofTimeoutMs' | 'stableAfterMs' | 'session'
  >;
}

/** What an operator sees of a stream. */
export interface StreamSnapshot {
  readonly target: Target;
  readonly host: string;
  /** The fencing token of the lease under which it is open. */
  readonly leaseToken: number;
  readonly symbols: readonly string[];
  readonly confirmed: number;
  /** Milliseconds since it was opened. */
  readonly ageMs: number;
  readonly connections: readonly ConnectionSnapshot[];
  readonly frames: number;
  readonly bytes: number;
  /** Frames or parts of them that became no record, by kind. */
  readonly parseFailures: Readonly<Partial<Record<FailureKind, number>>>;
  readonly reconnects: number;
}

/** Of each kind, lines of the log in a minute: an exchange that sends nothing else would write the log full. */
const failuresInFull = 3;

/** Everything the gateway holds open for one target: as many sockets as the exchange's limits ask for. */
export class Stream implements ConnectionListener {
  readonly target: Target;
  readonly url: URL;
  /** Correlation id of the command that shaped the stream last. */
  correlationId: string | undefined;
  /** The fencing token of the lease under which the stream is open. */
  leaseToken = 0;
  readonly #options: StreamOptions;
  readonly #shards: SymbolShards;
  /** By shard; a shard that is empty has none. */
  readonly #sockets = new Map<number, StreamConnection>();
  /** Given up because their shard is empty, and not closed yet. */
  readonly #closingSockets = new Set<StreamConnection>();
  readonly #watches = new Set<SubscriptionWatch>();
  /** Monotonic. */
  readonly #openedAt: number;
  #symbols: readonly string[] = [];
  #closing: Promise<void> | undefined;
  #frames = 0;
  #bytes = 0;
  readonly #parseFailures: Partial<Record<FailureKind, number>> = {};
  readonly #failureLines = new Map<FailureKind, Repeats<never>>();

  constructor(options: StreamOptions) {
    this.target = options.target;
    this.url = options.url;
    this.#options = options;
    this.#openedAt = options.clock.monotonic();
    this.#shards = createSymbolShards(options.adapter.limits.symbolsPerSocket);
  }

  get symbols(): readonly string[] {
    return this.#symbols;
  }

  /** Whether these are the symbols that are wanted already, in whatever order. */
  wants(symbols: readonly string[]): boolean {
    const wanted = new Set(symbols);
    return wanted.size === this.#symbols.length && this.#symbols.every((symbol) => wanted.has(symbol));
  }

  /** Sets the symbols and resolves when each is proved or refused, a socket failed, or the time for proofs is over. */
  want(symbols: readonly string[]): Promise<SubscriptionOutcome> {
    const { clock, connection } = this.#options;
    const already = new Set(this.#connections.flatMap((open) => [...open.confirmed]));
    this.#symbols = [...new Set(symbols)];
    const watch = watchSubscription(
      this.#symbols.filter((symbol) => !already.has(symbol)),
      connection.proofTimeoutMs,
      clock,
    );
    this.#watches.add(watch);
    const settled = watch.outcome.finally(() => this.#watches.delete(watch));
    this.#shards.assign(this.#symbols).forEach((shard, index) => {
      this.#wantOf(index, shard);
    });
    return settled;
  }

  #wantOf(index: number, shard: readonly string[]): void {
    const existing = this.#sockets.get(index);
    if (shard.length === 0) {
      this.#sockets.delete(index);
      if (existing) this.#giveUp(existing);
    } else {
      (existing ?? this.#openConnection(index)).want(shard);
    }
  }

  #giveUp(connection: StreamConnection): void {
    this.#closingSockets.add(connection);
    void connection.close().then(() => this.#closingSockets.delete(connection));
  }

  get #connections(): readonly StreamConnection[] {
    return [...this.#sockets.values()];
  }

  /** Closes every socket; what the publisher still holds is its own to deliver. */
  close(): Promise<void> {
    for (const watch of this.#watches) watch.fail(new Error('the stream was closed'));
    for (const lines of this.#failureLines.values()) lines.flush();
    const all = [...this.#connections, ...this.#closingSockets];
    this.#closing ??= Promise.all(all.map((connection) => connection.close())).then(() => {});
    return this.#closing;
  }

  /** Closes every socket at once: what they still have is another member's to take. */
  drop(): void {
    void this.close();
    for (const connection of [...this.#connections, ...this.#closingSockets]) connection.drop();
  }

  snapshot(): StreamSnapshot {
    const epochs = this.#connections.map((connection) => connection.epoch);
    return {
      target: this.target,
      host: this.url.host,
      leaseToken: this.leaseToken,
      symbols: this.#symbols,
      confirmed: this.#connections.reduce((sum, connection) => sum + connection.confirmed.size, 0),
      ageMs: Math.round(this.#options.clock.monotonic() - this.#openedAt),
      connections: this.#connections.map((connection) => connection.snapshot()),
      frames: this.#frames,
      bytes: this.#bytes,
      parseFailures: { ...this.#parseFailures },
      reconnects: epochs.reduce((sum, epoch) => sum + Math.max(0, epoch - 1), 0),
    };
  }

  onRecords: ConnectionListener['onRecords'] = (records, connection) => {
    if (this.#options.mayReceive()) this.#options.publisher.publish(records, connection.id, connection.epoch);
  };

  onOpened(connection: StreamConnection): void {
    this.#options.listener.onOpened(this, connection.id, connection.epoch);
  }

  onConfirmed(symbols: readonly string[]): void {
    for (const watch of this.#watches) watch.confirm(symbols);
    this.#options.listener.onConfirmed(this, symbols);
  }

  onRefused(symbol: string | undefined, reason: string): void {
    for (const watch of this.#watches) watch.refuse(symbol);
    this.#options.listener.onRefused(this, symbol, reason);
  }

  onUnconfirmed(symbols: readonly string[]): void {
    this.#options.listener.onUnconfirmed(this, symbols);
  }

  onTrouble(error: Error): void {
    for (const watch of this.#watches) watch.fail(error);
    this.#options.listener.onTrouble(this, error);
  }

  onFrame(bytes: number): void {
    this.#frames += 1;
    this.#bytes += bytes;
  }

  onParseFailure(kind: FailureKind, message: string): void {
    this.#parseFailures[kind] = (this.#parseFailures[kind] ?? 0) + 1;
    if (this.#failureLinesOf(kind).admits()) this.#options.logger.warn(failureTitle(kind), { kind, message });
  }

  #failureLinesOf(kind: FailureKind): Repeats<never> {
    const { clock, logger } = this.#options;
    let lines = this.#failureLines.get(kind);
    if (!lines) {
      lines = createRepeats<never>({
        clock,
        inFull: failuresInFull,
        onLeftOut: (count) => logger.warn(`${failureTitle(kind)}: ${count} more within a minute`, { kind, count }),
      });
      this.#failureLines.set(kind, lines);
    }
    return lines;
  }

  #openConnection(index: number): StreamConnection {
    const { adapter, target, connection, clock, logger } = this.#options;
    const opened = new StreamConnection({
      ...connection,
      id: `${target.exchange}/${target.region}/${target.request_type}#${index}`,
      adapter,
      kind: target.request_type,
      url: this.url,
      listener: this,
      clock,
      logger,
    });
    this.#sockets.set(index, opened);
    return opened;
  }
}

function failureTitle(kind: FailureKind): string {
  return kind === 'gap' || kind === 'checksum' ? 'the exchange left something out' : 'frame not parsed';
}
