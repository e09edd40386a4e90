import { type Logger, type Metrics, type Target, targetKey } from '@naru/core';
import type { EventPublisher } from '../events/event-publisher.js';
import type { Ownership } from '../fleet/ownership.js';
import { GatewayError } from '../gateway-error.js';
import { withFields } from '../logging.js';
import { emptied } from '../publishing/emptied.js';
import type { RecordPublisher } from '../publishing/record-publisher.js';
import { Stream, type StreamListener, type StreamOptions } from '../streams/stream.js';
import { type CheckedCommand, type CommandCheckOptions, checkCommand } from './command-check.js';
import { type CommandProgress, doneWith, unfollowed } from './command-progress.js';
import type { ConnectContext, ConnectResult, Elsewhere } from './connect-context.js';
import type { ConnectionRecorder } from './connection-recorder.js';
import { createStreamNews } from './stream-news.js';
import { TargetBooks } from './target-books.js';
import { createTurns } from './turns.js';

/** A stream that was given up because its lease is not certain any more. */
export interface DroppedStream {
  readonly context: ConnectContext;
  readonly token: number;
}

export interface OrchestratorOptions extends CommandCheckOptions {
  readonly createPublisher: (target: Target, logger: Logger) => RecordPublisher;
  readonly ownership: Pick<Ownership, 'claim' | 'tokenOf' | 'release' | 'giveAway'>;
  /** Answers whether a target's records may be taken now; the answer is asked with every frame. */
  readonly mayReceive: (target: Target) => () => boolean;
  readonly recorder: ConnectionRecorder;
  readonly events: EventPublisher;
  /** Follows commands. Default: nobody does. */
  readonly progress?: CommandProgress | undefined;
  /** Default: silent. */
  readonly metrics?: Metrics | undefined;
  readonly logger: Logger;
  readonly connection: (target: Target) => StreamOptions['connection'];
  readonly clock: StreamOptions['clock'];
}

/**
 * How long a stream that is given away waits for its records, in ms. Whoever goes on should begin after what was
 * received here, but while Kafka is away nobody would receive anything.
 */
const giveAwayAfterMs = 1_500;

interface OpenStream {
  readonly stream: Stream;
  context: ConnectContext;
}

/**
 * Owns every stream: carries out commands one after the other for each target, and all targets side by side.
 */
export class StreamOrchestrator {
  /** The accounts of every target; they outlive its streams. */
  readonly books: TargetBooks;
  readonly #options: OrchestratorOptions;
  readonly #news: StreamListener;
  readonly #progress: CommandProgress;
  readonly #open = new Map<string, OpenStream>();
  readonly #inTurn = createTurns();
  #shuttingDown = false;

  constructor(options: OrchestratorOptions) {
    this.#options = options;
    this.#news = createStreamNews(options);
    this.#progress = options.progress ?? unfollowed;
    this.books = new TargetBooks({
      createPublisher: options.createPublisher,
      streamOf: (key) => this.#open.get(key)?.stream,
      logger: options.logger,
    });
  }

  /** Whether a command can be carried out, here or elsewhere. @throws GatewayError as `checkCommand` does */
  check(context: Pick<ConnectContext, 'target' | 'url' | 'socketParams'>): CheckedCommand {
    return checkCommand(context, this.#options);
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
      const checked = this.check(context);
      const claim = await this.#options.ownership.claim(context.target);
      if (!claim.held) return { kind: 'elsewhere', owner: claim.owner, expiresInMs: claim.expiresInMs };
      this.#refuseWhenShuttingDown();
      this.#progress.note(context.correlationId, { step: 'owned', leaseToken: claim.token });
      const result = await this.#connect(context, checked, claim.token);
      this.#progress.note(context.correlationId, doneWith(result));
      return result;
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
      const found = open !== undefined || known;
      this.#progress.note(correlationId, { step: 'done', result: found ? 'ended' : 'nothing_to_end' });
      return found;
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

  /** The target whose stream was opened last, of those that are open. */
  lastOpened(): Target | undefined {
    return [...this.#open.values()].at(-1)?.stream.target;
  }

  /**
   * Closes the stream of a target and leaves its state and its lease to another member, when its records are on their
   * way or have had the time. False when there is none.
   */
  giveAway(target: Target): Promise<boolean> {
    return this.#inTurn(target, async () => {
      this.#refuseWhenShuttingDown();
      const open = this.#open.get(targetKey(target));
      if (!open) return false;
      const { ownership, recorder, clock } = this.#options;
      await this.#end(open);
      await recorder.leave(open.stream);
      await emptied(this.books.publisherOf(target), giveAwayAfterMs, clock);
      await ownership.giveAway(target);
      return true;
    });
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

  async #connect(context: ConnectContext, { adapter, url }: CheckedCommand, token: number): Promise<ConnectResult> {
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
      publisher: this.books.publisherOf(target),
      listener: this.#news,
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
    const publisher = this.books.publisherOf(context.target);
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

  async #end(open: OpenStream): Promise<void> {
    await open.stream.close();
    this.#close(open);
  }

  /** Closes the books of a stream whose sockets are closed. */
  #close(open: OpenStream): void {
    const key = targetKey(open.stream.target);
    if (this.#open.get(key) !== open) return;
    this.#open.delete(key);
    this.books.close(open.stream);
  }

  #refuseWhenShuttingDown(): void {
    if (!this.#shuttingDown) return;
    throw new GatewayError('shutting_down', 'The gateway is shutting down; another member will take the command.', {
      retryable: true,
    });
  }
}

function ownershipLost(): GatewayError {
  return new GatewayError('ownership_lost', 'The stream was closed because its lease was lost. It is tried again.', {
    retryable: true,
  });
}
