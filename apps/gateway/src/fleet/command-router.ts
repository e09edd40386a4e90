import { type Clock, type Logger, type Target, targetKey } from '@naru/core';
import { Abandoned } from '@naru/kafka-clients';
import { type MemberRequests, RedisCacheError } from '@naru/redis-cache';
import { commandOf } from '../commands/connect-context.js';
import type { EventPublisher } from '../events/event-publisher.js';
import { GatewayError } from '../gateway-error.js';
import type { CommandProgress } from '../orchestration/command-progress.js';
import type { ConnectContext, ConnectResult, Elsewhere } from '../orchestration/connect-context.js';
import type { StreamOrchestrator } from '../orchestration/stream-orchestrator.js';
import { createTurns } from '../orchestration/turns.js';
import { readAnswer } from './forwarded-command.js';
import { isPassing } from './passing-failure.js';
import { pause, retryWaitMs } from './pause.js';
import type { StoreWatch } from './store-watch.js';

/** What a command led to, here or at the member that owns its target. */
export type RoutedResult =
  | ConnectResult
  | { readonly kind: 'forwarded'; readonly owner: string; readonly result: ConnectResult['kind'] };

/** How long a command may wait to be decided. */
export interface CommandLimits {
  /** Aborted when it is another member's to carry out. */
  readonly signal?: AbortSignal | undefined;
  /** Asked before each attempt. */
  readonly isExpired?: (() => boolean) | undefined;
}

export interface CommandRouterOptions {
  readonly streams: Pick<StreamOrchestrator, 'check' | 'connectFromContext' | 'disconnect'>;
  readonly requests: Pick<MemberRequests, 'ask'>;
  readonly member: string;
  readonly watch: StoreWatch;
  readonly events: Pick<EventPublisher, 'failed'>;
  readonly progress: CommandProgress;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: () => number;
  /** How long an owner may take to carry out a command, in ms. */
  readonly answerTimeoutMs: number;
}

/** Attempts to reach a living owner after which that is told, once a command. */
const tellAfterAttempts = 10;

/**
 * Brings each command to the member that owns its target: this one, another one, or, when that is gone, this one after
 * all. What cannot be decided now waits, because a command that is given up would be a dead letter without a fault.
 */
export class CommandRouter {
  readonly #options: CommandRouterOptions;
  readonly #inTurn = createTurns();
  readonly #stopping = new AbortController();

  constructor(options: CommandRouterOptions) {
    this.#options = options;
  }

  /**
   * @throws GatewayError for a command that can never be carried out, `command_expired` for one that outlived its time
   * while it waited; Abandoned when it was not decided before the signal or `stop()`.
   */
  async connectFromContext(context: ConnectContext, limits: CommandLimits = {}): Promise<RoutedResult> {
    const { streams, requests, answerTimeoutMs, progress } = this.#options;
    const { target, correlationId } = context;
    streams.check(context);
    progress.note(correlationId, { step: 'validated' });
    return await this.#route<RoutedResult>(target, correlationId, limits, {
      here: () => streams.connectFromContext(context),
      async at(owner) {
        const answer = await requests.ask(owner, commandOf(context), { timeoutMs: answerTimeoutMs });
        const read = readAnswer(answer, target);
        if (read.kind !== 'connected') return undefined;
        progress.note(correlationId, { step: 'done', result: read.result });
        return { kind: 'forwarded', owner, result: read.result };
      },
    });
  }

  /** Ends the stream of a target wherever it is. False when there is none. */
  async disconnect(target: Target, correlationId?: string, limits: CommandLimits = {}): Promise<boolean> {
    const { streams, requests, answerTimeoutMs, progress } = this.#options;
    const command = {
      type: 'status',
      action: 'disconnect',
      target,
      ...(correlationId ? { correlation_id: correlationId.slice(0, 200) } : {}),
    };
    return await this.#route<boolean>(target, correlationId, limits, {
      here: () => streams.disconnect(target, correlationId),
      async at(owner) {
        const read = readAnswer(await requests.ask(owner, command, { timeoutMs: answerTimeoutMs }), target);
        if (read.kind !== 'disconnected') return undefined;
        progress.note(correlationId, { step: 'done', result: read.found ? 'ended' : 'nothing_to_end' });
        return read.found;
      },
    });
  }

  /** Decides nothing more: what waits is abandoned and will be another member's. */
  stop(): void {
    this.#stopping.abort();
  }

  #route<Result>(
    target: Target,
    correlationId: string | undefined,
    { signal, isExpired }: CommandLimits,
    ways: {
      readonly here: () => Promise<Result | Elsewhere>;
      /** Undefined when that member is not the owner any more. */
      readonly at: (owner: string) => Promise<Result | undefined>;
    },
  ): Promise<Result> {
    return this.#inTurn(target, async () => {
      for (let attempt = 1; ; attempt += 1) {
        this.#checkGoingOn(signal);
        if (isExpired?.()) {
          throw new GatewayError('command_expired', 'A command outlived its ttl_ms while it waited. Send it again.');
        }
        try {
          const result = await ways.here();
          if (!isElsewhere(result)) return result;
          const answer = await this.#askOwner(result, correlationId, ways.at);
          if (answer !== undefined) return answer;
        } catch (error) {
          this.#checkGoingOn(signal);
          if (!isPassing(error)) throw error;
          this.#tell(error, attempt, target, correlationId);
        }
        const { clock, random } = this.#options;
        await pause(clock, retryWaitMs(attempt, random), signal, this.#stopping.signal);
      }
    });
  }

  /** Undefined when the owner is not the owner any more, or is this member, which does not know it yet. */
  async #askOwner<Answer>(
    { owner }: Elsewhere,
    correlationId: string | undefined,
    at: (owner: string) => Promise<Answer | undefined>,
  ): Promise<Answer | undefined> {
    const { member, progress } = this.#options;
    if (owner === member) return undefined;
    progress.note(correlationId, { step: 'forwarded', owner });
    return await at(owner);
  }

  #checkGoingOn(signal: AbortSignal | undefined): void {
    if (signal?.aborted || this.#stopping.signal.aborted) throw new Abandoned();
  }

  #tell(error: unknown, attempt: number, target: Target, correlationId: string | undefined): void {
    const { watch, events, logger } = this.#options;
    // Nobody listening is what a member that died looks like, and asking takes long at times: not the store's fault.
    logger.debug('a command waits', { target: targetKey(target), correlationId, attempt, error });
    if (error instanceof RedisCacheError && watch.away) return;
    if (attempt !== tellAfterAttempts) return;
    const late = new GatewayError(
      'owner_unreachable',
      `A command for ${targetKey(target)} waits: ${(error as Error).message} It goes on by itself once that is mended.`,
      { cause: error, retryable: true },
    );
    events.failed({ boundary: 'orchestrator', error: late, target, correlationId });
  }
}

const isElsewhere = (result: unknown): result is Elsewhere =>
  typeof result === 'object' && result !== null && (result as { kind?: unknown }).kind === 'elsewhere';
