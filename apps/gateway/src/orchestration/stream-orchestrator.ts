import { isExchangeName, type Logger, regionOf, type Target, targetKey } from '@naru/core';
import type { ExchangeAdapter } from '@naru/exchanges';
import type { EventPublisher } from '../events/event-publisher.js';
import type { Ownership } from '../fleet/ownership.js';
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
import { createTurns } from './turns.js';

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

/** Nothing was done: another member owns the target, for `expiresInMs` more unless it renews. */
export interface Elsewhere {
  readonly kind: 'elsewhere';
  readonly owner: string;
  readonly expiresInMs: number;
}

/** A stream that was given up because its lease is not certain any more. */
export interface DroppedStream {
  readonly context: ConnectContext;
  readonly token: number;
}

export interface OrchestratorOptions {
  /** The adapter of an exchange for a kind of data, or undefined. */
  readonly findAdapter: (exchange: string, kind: Target['request_type']) => ExchangeAdapter | undefined;
  readonly addressPolicy: AddressPolicy;
  readonly createPublisher: (target: Target, logger: Logger) => RecordPublisher;
  readonly ownership: Pick<Ownership, 'claim' | 'tokenOf' | 'release'>;
  /** Answers whether a target's records may be taken now; the answer is asked with every frame. */
  readonly mayReceive: (target: Target) => () => boolean;
  readonly recorder: ConnectionRecorder;
  readonly events: EventPublisher;
  readonly logger: Logger;
  readonly connection: (target: Target) => StreamOptions['connection'];
  readonly clock: StreamOptions['clock'];
}

interface OpenStream {
  readonly stream: Stream;
  context: ConnectContext;
}

/** As much as the fleet keeps of a stream. */
const maxSocketParamsBytes = 64 * 1024;

/** What outlives the streams of a target. */
interface TargetBooks {
  readonly target: Target;
  readonly publisher: RecordPublisher;
  /** What streams of this target had received when they ended. */
  readonly ended: { bytes: number; parseFailures: number; upstreamGaps: number };
}

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

/**
 * Owns every stream: carries out commands one after the other for each target, and all targets side by side.
 */
export class StreamOrchestrator implements StreamListener {
  readonly #options: OrchestratorOptions;
  readonly #open = new Map<string, OpenStream>();
  /** One for each target that ever had a stream: its accounts outlive the stream. Targets are a closed set. */
  readonly #books = new Map<string, TargetBooks>();
  readonly #inTurn = createTurns();
  #shuttingDown = false;

  constructor(options: OrchestratorOptions) {
    this.#options = options;
  }

  /**
   * Whether a command can be carried out by any member as it is configured here; asks nobody.
   *
   * @throws GatewayError `exchange_not_supported`, `address_not_allowed` or `command_too_large`.
   */
  check({ target, url, socketParams }: Pick<ConnectContext, 'target' | 'url' | 'socketParams'>): {
    readonly adapter: ExchangeAdapter;
    readonly url: URL;
  } {
    const adapter = this.#adapterFor(target);
    if (Buffer.byteLength(JSON.stringify(socketParams)) > maxSocketParamsBytes) {
      throw new GatewayError(
        'command_too_large',
        `socket_params take more than ${maxSocketParamsBytes} bytes. Send what the exchange needs.`,
      );
    }
    const published = { isAllowed: (candidate: URL) => adapter.addresses.isAllowed(candidate, target.request_type) };
    return { adapter, url: checkAddress(url, published, policyFor(target.exchange, this.#options.addressPolicy)) };
  }

  /**
   * Opens the stream of a target, or changes the symbols of the open one, once its lease is held. Resolves when every
   * symbol is proved or refused, a socket failed, or the time for proofs is over; a stream that is not complete goes on
   * trying.
   *
   * @throws GatewayError `exchange_not_supported`, `address_not_allowed` or `shutting_down`: nothing was changed;
   * `ownership_lost`: the stream was closed meanwhile. RedisCacheError when the lease cannot be asked for, or when the
   * stream is open and its state cannot be written.
   */
  connectFromContext(context: ConnectContext): Promise<ConnectResult | Elsewhere> {
    return this.#inTurn<ConnectResult | Elsewhere>(context.target, async () => {
      this.#refuseWhenShuttingDown();
      const { adapter, url } = this.check(context);
      const claim = await this.#options.ownership.claim(context.target);
      if (!claim.held) return { kind: 'elsewhere', owner: claim.owner, expiresInMs: claim.expiresInMs };
      this.#refuseWhenShuttingDown();
      return await this.#connect(context, adapter, url, claim.token);
    });
  }

  /**
   * Ends the stream of a target and removes what the fleet knows of it, lease included. False when there is none.
   * Rejects with a RedisCacheError when it could not be removed: the stream is closed then, and it is to be asked again.
   */
  disconnect(target: Target, correlationId?: string): Promise<boolean | Elsewhere> {
    return this.#inTurn<boolean | Elsewhere>(target, async () => {
      this.#refuseWhenShuttingDown();
      const { ownership, recorder, logger, findAdapter } = this.#options;
      if (!findAdapter(target.exchange, target.request_type)) return false;
      const claim = await ownership.claim(target);
      if (!claim.held) return { kind: 'elsewhere', owner: claim.owner, expiresInMs: claim.expiresInMs };
      const open = this.#open.get(targetKey(target));
      if (open) await this.#end(open);
      const known = await recorder.remove(target, claim.token);
      await ownership.release(target);
      if (open || known) logger.info('stream ended', { target: targetKey(target), correlationId });
      return open !== undefined || known;
    });
  }

  /** What is open for a target, and under which lease. */
  find(target: Target): DroppedStream | undefined {
    const open = this.#open.get(targetKey(target));
    return open && { context: open.context, token: open.stream.leaseToken };
  }

  /**
   * Closes the sockets of a target at once and leaves its state to whoever owns it next. What was received before goes
   * to Kafka under the lease it was received under.
   */
  drop(target: Target): void {
    const open = this.#open.get(targetKey(target));
    if (!open) return;
    open.stream.drop();
    this.#options.recorder.forget(open.stream);
    this.#close(open);
  }

  /**
   * Ends every stream and refuses commands from now on; a command under way is rejected. Their state and leases stay,
   * for another member or the next start. What the publishers hand to Kafka is still to be flushed.
   */
  async shutdown(): Promise<void> {
    this.#shuttingDown = true;
    const leave = (): Promise<unknown> =>
      Promise.all(
        [...this.#open.values()].map(async (open) => {
          await this.#end(open);
          await this.#options.recorder.leave(open.stream);
        }),
      );
    await leave();
    await this.#inTurn.idle();
    await leave();
  }

  /** Of every target that ever had a stream, or records in the spool. */
  get publishers(): readonly RecordPublisher[] {
    return [...this.#books.values()].map(({ publisher }) => publisher);
  }

  publisherOf(target: Target): RecordPublisher {
    return this.#booksOf(target).publisher;
  }

  report(): StreamReport[] {
    return [...this.#books.entries()].map(([key, { target, publisher, ended }]) => {
      const stream = this.#open.get(key)?.stream.snapshot() ?? null;
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
      const stream = this.#open.get(key)?.stream;
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

  async #connect(context: ConnectContext, adapter: ExchangeAdapter, url: URL, token: number): Promise<ConnectResult> {
    const { target, symbols, correlationId } = context;
    const key = targetKey(target);
    const logger = withFields(this.#options.logger, { target: key, correlationId, leaseToken: token });
    const existing = this.#open.get(key);
    if (existing?.stream.url.href === url.href) {
      const duplicate = existing.stream.wants(symbols);
      this.#describe(existing, context, token);
      if (duplicate) {
        logger.info('command repeats what is open, nothing to do');
        await this.#settle(existing, Promise.resolve());
        return { kind: 'duplicate' };
      }
      logger.info('symbols change', { symbols: symbols.length });
      return { kind: 'changed', outcome: await this.#settle(existing, existing.stream.want(symbols)) };
    }
    // Another address for the same target is another feed: the old one ends before the new one begins.
    if (existing) {
      await this.#end(existing);
      this.#options.recorder.forget(existing.stream);
      this.#refuseWhenShuttingDown();
      if (this.#options.ownership.tokenOf(target) !== token) throw ownershipLost();
    }
    logger.info('stream opens', { host: url.host, symbols: symbols.length });
    const stream = new Stream({
      target,
      adapter,
      url,
      publisher: this.#booksOf(target).publisher,
      listener: this,
      mayReceive: this.#options.mayReceive(target),
      clock: this.#options.clock,
      logger: withFields(this.#options.logger, { target: key, leaseToken: token }),
      connection: this.#options.connection(target),
    });
    const open: OpenStream = { stream, context };
    this.#open.set(key, open);
    this.#describe(open, context, token);
    return { kind: 'opened', outcome: await this.#settle(open, stream.want(symbols)) };
  }

  /** What the stream is for and under which lease, for its records, the fleet and whoever recovers it. */
  #describe(open: OpenStream, context: ConnectContext, token: number): void {
    const { publisher } = this.#booksOf(context.target);
    publisher.project(context.projection);
    publisher.lease(token);
    open.context = context;
    open.stream.leaseToken = token;
    open.stream.correlationId = context.correlationId;
    this.#options.recorder.describe(open.stream, context, token);
  }

  /** A command is done when its outcome is known and the fleet can see it, and the stream is still this member's. */
  async #settle<Outcome>(open: OpenStream, settled: Promise<Outcome>): Promise<Outcome> {
    const outcome = await settled;
    const unwritten = await this.#options.recorder.written(open.stream);
    this.#refuseWhenShuttingDown();
    if (this.#open.get(targetKey(open.stream.target)) !== open) throw ownershipLost();
    // Whoever took the stream over would not know of this command.
    if (unwritten) throw unwritten;
    return outcome;
  }

  #booksOf(target: Target): TargetBooks {
    const key = targetKey(target);
    let books = this.#books.get(key);
    if (!books) {
      const logger = withFields(this.#options.logger, { target: key });
      books = {
        target,
        publisher: this.#options.createPublisher(target, logger),
        ended: { bytes: 0, parseFailures: 0, upstreamGaps: 0 },
      };
      this.#books.set(key, books);
    }
    return books;
  }

  async #end(open: OpenStream): Promise<void> {
    await open.stream.close();
    this.#close(open);
  }

  /** Closes the books of a stream whose sockets are closed. */
  #close(open: OpenStream): void {
    const key = targetKey(open.stream.target);
    if (this.#open.get(key) !== open) return;
    this.#open.delete(key);
    const { publisher, ended } = this.#booksOf(open.stream.target);
    publisher.flush();
    const { bytes, parseFailures } = open.stream.snapshot();
    ended.bytes += bytes;
    ended.parseFailures += sumOf(parseFailures) - gapsOf(parseFailures);
    ended.upstreamGaps += gapsOf(parseFailures);
  }

  #refuseWhenShuttingDown(): void {
    if (!this.#shuttingDown) return;
    throw new GatewayError('shutting_down', 'The gateway is shutting down; another member will take the command.', {
      retryable: true,
    });
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
}

function ownershipLost(): GatewayError {
  return new GatewayError('ownership_lost', 'The stream was closed because its lease was lost. It is tried again.', {
    retryable: true,
  });
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** What the exchange left out, in contrast to what it sent and nobody understood. */
function gapsOf(failures: StreamSnapshot['parseFailures'] = {}): number {
  return (failures.gap ?? 0) + (failures.checksum ?? 0);
}
