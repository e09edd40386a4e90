import { type Clock, type Logger, type Target, targetKey } from '@naru/core';
import { type CachedConnectionSpec, RedisCacheError, type WebsocketConnectionCache } from '@naru/redis-cache';
import type { EventPublisher } from '../events/event-publisher.js';
import { GatewayError } from '../gateway-error.js';
import type { ConnectContext } from '../orchestration/connect-context.js';
import type { DroppedStream, StreamOrchestrator } from '../orchestration/stream-orchestrator.js';
import type { Ownership } from './ownership.js';
import { isPassing } from './passing-failure.js';
import { pause, retryWaitMs } from './pause.js';
import type { StoreWatch } from './store-watch.js';

export interface ResumptionOptions {
  readonly ownership: Pick<Ownership, 'claim' | 'tokenOf' | 'release'>;
  readonly cache: Pick<WebsocketConnectionCache, 'getConnectionSpec' | 'updateState'>;
  readonly streams: Pick<StreamOrchestrator, 'find' | 'connectFromContext' | 'drop'>;
  readonly watch: StoreWatch;
  readonly events: Pick<EventPublisher, 'failed'>;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Opens streams without a command: those of members that are gone, those of a former run, and those that were lost. */
export interface Resumption {
  /** Opens what the fleet knows of a target, whose lease was taken over. What cannot be opened is told once. */
  resume(target: Target): void;
  /** Asks for a lost lease again; opens the stream as it was if nobody had it meanwhile, else as it is known now. */
  recover(target: Target, lost: DroppedStream): void;
  /** Begins nothing more. */
  stop(): void;
  /** Resolves when what was begun has come to its end. */
  idle(): Promise<void>;
}

export function createResumption(options: ResumptionOptions): Resumption {
  const { ownership, cache, streams, watch, events, logger, clock, random } = options;
  const stopping = new AbortController();
  /** Streams that were lost here, until somebody is known to have them. */
  const lostHere = new Map<string, DroppedStream>();
  const underWay = new Map<string, Promise<void>>();
  /** Lost again while they were being recovered. */
  const again = new Set<string>();

  /** Undefined when the target has nothing that could be opened. */
  const findContext = async (target: Target): Promise<ConnectContext | undefined> => {
    const spec = await cache.getConnectionSpec(target);
    const lost = lostHere.get(targetKey(target));
    // Nobody wrote after us, so what we remember is at least as new: Redis may have been away for our last writes.
    if (lost && spec?.ownerToken === lost.token) return lost.context;
    if (spec) return contextOf(target, spec);
    return lost && !(await isFenced(target, lost.token)) ? lost.context : undefined;
  };

  /** Whether somebody with a later lease removed the state; a Redis that lost its data has no fence either. */
  const isFenced = async (target: Target, token: number): Promise<boolean> => {
    try {
      await cache.updateState(target, {}, { token });
      return false;
    } catch (error) {
      if (!(error instanceof RedisCacheError)) throw error;
      if (error.code === 'not_found') return false;
      if (error.code === 'stale_token') return true;
      throw error;
    }
  };

  const open = async (target: Target): Promise<void> => {
    const key = targetKey(target);
    const claim = await ownership.claim(target);
    if (!claim.held) {
      // Whoever has it goes on with it.
      lostHere.delete(key);
      streams.drop(target);
      return;
    }
    const context = await findContext(target);
    if (!context) {
      logger.info('a lease without a stream is given up', { target: key });
      lostHere.delete(key);
      streams.drop(target);
      await ownership.release(target);
      return;
    }
    // A command that was carried out meanwhile is newer than what was read and than what is remembered.
    const open = streams.find(target)?.context;
    const wanted = open && open !== lostHere.get(key)?.context ? open : context;
    logger.info('stream resumes', { target: key, leaseToken: claim.token, correlationId: wanted.correlationId });
    await streams.connectFromContext(wanted);
    if (!again.has(key)) lostHere.delete(key);
  };

  const giveUp = async (target: Target, cause: Error): Promise<void> => {
    lostHere.delete(targetKey(target));
    const error = new GatewayError(
      'cannot_resume',
      `The stream of ${targetKey(target)} cannot be resumed: ${cause.message} Send its command again once that is mended.`,
      { cause },
    );
    events.failed({ boundary: 'orchestrator', error, target });
    // A command may have opened it meanwhile, and is asked for again: without the lease nothing of it would be taken.
    streams.drop(target);
    await ownership.release(target);
  };

  const run = async (target: Target): Promise<void> => {
    for (let attempt = 1; !stopping.signal.aborted; attempt += 1) {
      try {
        again.delete(targetKey(target));
        await open(target);
        return;
      } catch (error) {
        if (stopping.signal.aborted) return;
        if (!isPassing(error)) {
          await giveUp(target, error as Error);
          return;
        }
        if (error instanceof RedisCacheError) watch.failed(error);
      }
      await pause(clock, retryWaitMs(attempt, random), stopping.signal);
    }
  };

  /** One at a time for a target: a scan may take over what is being recovered. */
  const begin = (target: Target): void => {
    const key = targetKey(target);
    if (underWay.has(key) || stopping.signal.aborted) return;
    const running = run(target)
      .catch((error: unknown) => logger.error('a stream could not be given up', { target: key, error }))
      .finally(() => {
        underWay.delete(key);
        if (again.delete(key)) begin(target);
      });
    underWay.set(key, running);
  };

  return {
    resume: begin,
    recover(target, lost) {
      const key = targetKey(target);
      lostHere.set(key, lost);
      if (underWay.has(key)) again.add(key);
      else begin(target);
    },
    stop: () => stopping.abort(),
    async idle() {
      await Promise.all(underWay.values());
    },
  };
}

function contextOf(target: Target, spec: CachedConnectionSpec): ConnectContext {
  return {
    target,
    symbols: spec.symbols,
    url: spec.url,
    socketParams: spec.socketParams,
    projection: spec.projection,
    correlationId: spec.correlationId,
  };
}
