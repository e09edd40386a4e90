import { isExchangeName, type Logger, regionOf, type Target, targetKey } from '@naru/core';
import type { ExchangeAdapter } from '@naru/exchanges';
import type { EventPublisher } from '../events/event-publisher.js';
import { GatewayError } from '../gateway-error.js';
import { withFields } from '../logging.js';
import type { MinuteSource } from '../minutes/minute-figures.js';
import { type Accounts, sumAccounts } from '../publishing/accounts.js';
import { createLatency, type Latency, type LatencySummary } from '../publishing/latency.js';
import type { PublisherSnapshot, RecordPublisher } from '../publishing/record-publisher.js';
import { type AddressPolicy, checkAddress, policyFor } from '../streams/address-policy.js';
import { Stream, type StreamListener, type StreamOptions, type StreamSnapshot } from '../streams/stream.js';
import type { SubscriptionOutcome } from '../streams/subscription-outcome.js';
import type { ConnectionRecorder } from './connection-recorder.js';

/** A command to open a stream or to change its symbols, as it was understood. */
export interface ConnectContext {
  readonly target: Target;
  readonly symbols: readonly string[];
  readonly url: string;
  /** As the command gave them; kept with the connection's state for whoever resumes it. */
  readonly socketParams: object;
  /** Fields to publish; null means all. */
  readonly projection: readonly string[] | null;
  readonly correlationId: string | undefined;
}

/** What a command led to. */
export type ConnectResult =
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'opened' | 'changed'; readonly outcome: SubscriptionOutcome };

export interface OrchestratorOptions {
  /** The adapter of an exchange for a kind of data, or undefined. */
  readonly findAdapter: (exchange: string, kind: Target['request_type']) => ExchangeAdapter | undefined;
  readonly addressPolicy: AddressPolicy;
  readonly createPublisher: (target: Target, logger: Logger) => RecordPublisher;
  readonly recorder: ConnectionRecorder;
  readonly events: EventPublisher;
  readonly logger: Logger;
  readonly connection: (target: Target) => StreamOptions['connection'];
  readonly clock: StreamOptions['clock'];
}

/** What outlives the streams of a target. */
interface TargetBooks {
  readonly target: Target;
  readonly publisher: RecordPublisher;
  /** What streams of this target had received when they ended. */
  readonly ended: { bytes: number; parseFailures: number };
}

/** One target as the read API shows it. */
export interface StreamReport extends PublisherSnapshot {
  readonly target: Target;
  /** Null after a disconnect: what it received stays in the accounts. */
  readonly stream: StreamSnapshot | null;
}

/** What became of the records of every target. */
export type StreamTotals = Accounts & { readonly latency: LatencySummary | null };

/**
 * Owns every stream: carries out commands one after the other for each target, and all targets side by side.
 */
export class StreamOrchestrator implements StreamListener {
  readonly #options: OrchestratorOptions;
  readonly #streams = new Map<string, Stream>();
  /** One for each target that ever had a stream: its accounts outlive the stream. Targets are a closed set. */
  readonly #books = new Map<string, TargetBooks>();
  readonly #turns = new Map<string, Promise<unknown>>();
  #shuttingDown = false;

  constructor(options: OrchestratorOptions) {
    this.#options = options;
  }

  /**
   * Opens the stream of a target, or changes the symbols of the open one. Resolves when every symbol is proved or
   * refused, a socket failed, or the time for proofs is over; a stream that is not complete goes on trying.
   *
   * @throws GatewayError `exchange_not_supported`, `address_not_allowed` or `shutting_down`; nothing was changed.
   */
  connectFromContext(context: ConnectContext): Promise<ConnectResult> {
    return this.#inTurn(context.target, async () => {
      if (this.#shuttingDown) {
        throw new GatewayError('shutting_down', 'The gateway is shutting down; another member will take the command.', {
          retryable: true,
        });
      }
      const adapter = this.#adapterFor(context.target);
      const url = checkAddress(
        context.url,
        { isAllowed: (candidate) => adapter.addresses.isAllowed(candidate, context.target.request_type) },
        policyFor(context.target.exchange, this.#options.addressPolicy),
      );
      return this.#connect(context, adapter, url);
    });
  }

  /** Ends the stream of a target. False when there is none. */
  disconnect(target: Target, correlationId?: string): Promise<boolean> {
    return this.#inTurn(target, async () => {
      const stream = this.#streams.get(targetKey(target));
      if (!stream) return false;
      await this.#end(stream);
      this.#options.logger.info('stream ended', { target: targetKey(target), correlationId });
      return true;
    });
  }

  /** Ends every stream and refuses commands from now on. What the publishers hand to Kafka is still to be flushed. */
  async shutdown(): Promise<void> {
    this.#shuttingDown = true;
    await Promise.all([...this.#turns.values()]);
    await Promise.all([...this.#streams.values()].map((stream) => this.#end(stream)));
  }

  /** Kafka has no room: every stream keeps its records. */
  hold(): void {
    for (const { publisher } of this.#books.values()) publisher.hold();
  }

  release(): void {
    for (const { publisher } of this.#books.values()) publisher.release();
  }

  report(): StreamReport[] {
    return [...this.#books.entries()].map(([key, { target, publisher }]) => ({
      target,
      stream: this.#streams.get(key)?.snapshot() ?? null,
      ...publisher.snapshot(),
    }));
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
      const stream = this.#streams.get(key);
      const { bytes, parseFailures } = stream?.snapshot() ?? { bytes: 0, parseFailures: {} };
      return {
        target,
        accounts: publisher.snapshot().accounts,
        bytes: ended.bytes + bytes,
        parseFailures: ended.parseFailures + sumOf(parseFailures),
        wantedSymbols: stream?.symbols.length ?? 0,
        ...publisher.takeMinute(),
      };
    });
  }

  onConfirmed(stream: Stream, symbols: readonly string[]): void {
    for (const symbol of symbols) this.#options.events.confirmed(stream.target, symbol, stream.correlationId);
    this.#options.recorder.record(stream, 'connected');
  }

  onRefused(stream: Stream, symbol: string | undefined, reason: string): void {
    const what = symbol === undefined ? 'a subscription' : symbol;
    this.#fail(
      stream,
      new GatewayError('subscription_refused', `${stream.target.exchange} refused ${what}: ${reason}.`),
    );
  }

  onUnconfirmed(stream: Stream, symbols: readonly string[]): void {
    const some = `${symbols.slice(0, 10).join(', ')}${symbols.length > 10 ? ' …' : ''}`;
    this.#fail(
      stream,
      new GatewayError(
        'proof_timeout',
        `${stream.target.exchange} neither confirmed nor sent ${symbols.length} of ${stream.symbols.length} symbols in time: ${some}. Check that it lists them.`,
      ),
    );
  }

  onTrouble(stream: Stream, error: Error): void {
    const lost = new GatewayError(
      'connect_failed',
      `The connection to ${stream.url.host} failed: ${error.message}. It is tried again by itself.`,
      { cause: error, retryable: true },
    );
    this.#fail(stream, lost);
    this.#options.recorder.record(stream, 'connecting');
  }

  async #connect(context: ConnectContext, adapter: ExchangeAdapter, url: URL): Promise<ConnectResult> {
    const { target, symbols, correlationId } = context;
    const key = targetKey(target);
    const { recorder } = this.#options;
    const logger = withFields(this.#options.logger, { target: key, correlationId });
    const existing = this.#streams.get(key);
    if (existing?.url.href === url.href) {
      this.#booksOf(target).publisher.project(context.projection);
      if (existing.wants(symbols)) {
        logger.info('command repeats what is open, nothing to do');
        return { kind: 'duplicate' };
      }
      logger.info('symbols change', { symbols: symbols.length });
      existing.correlationId = correlationId;
      const settled = existing.want(symbols);
      recorder.change(existing);
      return { kind: 'changed', outcome: await settled };
    }
    // Another address for the same target is another feed: the old one ends before the new one begins.
    if (existing) await this.#end(existing);
    logger.info('stream opens', { host: url.host, symbols: symbols.length });
    const publisher = this.#booksOf(target).publisher;
    publisher.project(context.projection);
    const stream = new Stream({
      target,
      adapter,
      url,
      publisher,
      listener: this,
      clock: this.#options.clock,
      logger: withFields(this.#options.logger, { target: key }),
      connection: this.#options.connection(target),
    });
    stream.correlationId = correlationId;
    this.#streams.set(key, stream);
    recorder.open(stream, context);
    return { kind: 'opened', outcome: await stream.want(symbols) };
  }

  #booksOf(target: Target): TargetBooks {
    const key = targetKey(target);
    let books = this.#books.get(key);
    if (!books) {
      const logger = withFields(this.#options.logger, { target: key });
      books = {
        target,
        publisher: this.#options.createPublisher(target, logger),
        ended: { bytes: 0, parseFailures: 0 },
      };
      this.#books.set(key, books);
    }
    return books;
  }

  async #end(stream: Stream): Promise<void> {
    await stream.close();
    const { publisher, ended } = this.#booksOf(stream.target);
    publisher.flush();
    const { bytes, parseFailures } = stream.snapshot();
    ended.bytes += bytes;
    ended.parseFailures += sumOf(parseFailures);
    this.#streams.delete(targetKey(stream.target));
    this.#options.recorder.close(stream);
  }

  #adapterFor(target: Target): ExchangeAdapter {
    const adapter = this.#options.findAdapter(target.exchange, target.request_type);
    if (!adapter || !isExchangeName(target.exchange)) {
      throw new GatewayError(
        'exchange_not_supported',
        `"${target.exchange}" with ${target.request_type} is not supported. "naru exchanges" lists what is.`,
      );
    }
    const region = regionOf(target.exchange);
    if (region !== target.region) {
      throw new GatewayError(
        'exchange_not_supported',
        `${target.exchange} belongs to region ${region}, not ${target.region}.`,
      );
    }
    return adapter;
  }

  #fail(stream: Stream, error: GatewayError): void {
    this.#options.events.failed({
      boundary: error.code === 'connect_failed' ? 'ws_connection' : 'ws_protocol',
      error,
      target: stream.target,
      correlationId: stream.correlationId,
    });
  }

  /** Commands for one target run one after the other. */
  #inTurn<T>(target: Target, action: () => Promise<T>): Promise<T> {
    const key = targetKey(target);
    const turn = (this.#turns.get(key) ?? Promise.resolve()).then(action);
    const settled = turn.then(
      () => {},
      () => {},
    );
    this.#turns.set(key, settled);
    void settled.then(() => {
      if (this.#turns.get(key) === settled) this.#turns.delete(key);
    });
    return turn;
  }
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
