import { type Clock, type Logger, type Target, targetKey } from '@naru/core';
import {
  createMemberRequests,
  type LeaseLoss,
  type MessageBus,
  RedisCacheError,
  type WebsocketConnectionCache,
} from '@naru/redis-cache';
import type { StreamCommands } from '../commands/command-target.js';
import type { EventPublisher } from '../events/event-publisher.js';
import { GatewayError } from '../gateway-error.js';
import { type CommandProgress, unfollowed } from '../orchestration/command-progress.js';
import type { StreamOrchestrator } from '../orchestration/stream-orchestrator.js';
import { CommandRouter } from './command-router.js';
import { startFairShare } from './fair-share.js';
import { answerForwarded } from './forwarded-command.js';
import { readGiveWay } from './give-way.js';
import { createGivingWay } from './giving-way.js';
import type { Ownership } from './ownership.js';
import { createResumption } from './resumption.js';
import { createStoreWatch } from './store-watch.js';
import { startTakeOver, type TakeOver } from './take-over.js';

/** What live sockets do when their ownership can no longer be believed: `stop` duplicates nothing, `continue` loses nothing. */
export type UnconfirmedPolicy = 'stop' | 'continue';

export interface FleetOptions {
  /** What the members share besides their leases: Redis, or the memory of one process. */
  readonly bus: MessageBus;
  readonly cache: WebsocketConnectionCache;
  readonly ownership: Ownership;
  readonly streams: Pick<
    StreamOrchestrator,
    'check' | 'connectFromContext' | 'disconnect' | 'find' | 'drop' | 'lastOpened' | 'giveAway'
  >;
  readonly whenUnconfirmed: UnconfirmedPolicy;
  /** How often a member with fewer streams than another asks it for one, in ms. 0: never. */
  readonly shareEveryMs: number;
  /** How long an owner may take to carry out a command, in ms. */
  readonly answerTimeoutMs: number;
  /** The store answers again: write the state of every stream. */
  readonly onStoreBack: () => void;
  readonly events: Pick<EventPublisher, 'failed'>;
  /** Follows commands. Default: nobody does. */
  readonly progress?: CommandProgress | undefined;
  readonly logger: Logger;
  readonly clock: Clock;
  /** 0 ≤ x < 1, for the jitter. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** What an operator sees of this member. */
export interface FleetReport {
  readonly member: string;
  /** Targets whose leases it holds. */
  readonly leases: number;
  /** Whether leases can be confirmed now. */
  readonly store: 'available' | 'away';
}

/** This process as a member of the fleet: which streams are its own, whose the others are, and who takes over when. */
export interface Fleet {
  readonly member: string;
  /** Carries out commands wherever their target is owned. */
  readonly commands: StreamCommands;
  /** Begins to answer other members and to take over what nobody owns. */
  start(): Promise<void>;
  /** A lease that was held is no longer certain. */
  lose(target: Target, reason: LeaseLoss): void;
  /** A state could not be written. One that was refused as stale says that the stream is another member's. */
  recordingFailed(target: Target, error: Error): void;
  report(): FleetReport;
  /** No more commands and no more take-overs; what waits is abandoned. */
  stop(): void;
  /** Gives every lease to whoever takes it. */
  handOver(): Promise<void>;
  close(): Promise<void>;
}

export function createFleet(options: FleetOptions): Fleet {
  const { bus, cache, ownership, streams, whenUnconfirmed, shareEveryMs, answerTimeoutMs, events, logger, clock } =
    options;
  const random = options.random ?? Math.random;
  const { member } = ownership;
  const goesOn = whenUnconfirmed === 'continue';
  const watch = createStoreWatch({ clock, logger, events, onBack: options.onStoreBack });
  const resumption = createResumption({ ownership, cache, streams, watch, events, logger, clock, random });
  let stopped = false;
  let takeOver: TakeOver | undefined;
  const giveWay = createGivingWay({ ownership, streams, onGiving: () => takeOver?.rest() });
  const answer = async (question: unknown): Promise<unknown> => {
    if (stopped) return { kind: 'not_owner' };
    const asked = readGiveWay(question);
    return asked ? await giveWay(asked) : await answerForwarded(question, streams, ownership);
  };
  const requests = createMemberRequests({
    bus,
    member,
    answer,
    timeoutMs: answerTimeoutMs,
    clock,
    logger,
  });
  const router = new CommandRouter({
    streams,
    requests,
    member,
    watch,
    events,
    progress: options.progress ?? unfollowed,
    logger,
    clock,
    random,
    answerTimeoutMs,
  });
  let stopFairShare: () => void = () => {};

  function lose(target: Target, reason: LeaseLoss): void {
    const lost = streams.find(target);
    if (!lost || stopped) return;
    // Whoever must not lose anything finds out first whether somebody else has it, and drops it then.
    if (!goesOn) streams.drop(target);
    const fate = goesOn ? 'It goes on until another member is known to own it' : 'Its sockets are closed';
    const why =
      reason === 'taken' ? 'the lease is no longer this member’s' : 'it could not be confirmed before it ended';
    const error = new GatewayError(
      'ownership_lost',
      `The ownership of ${targetKey(target)} is lost: ${why}. ${fate}; the lease is asked for again.`,
      { retryable: true },
    );
    events.failed({ boundary: 'orchestrator', error, target, correlationId: lost.context.correlationId });
    resumption.recover(target, lost);
  }

  return {
    member,
    commands: router,
    lose,
    async start() {
      await requests.start();
      // What was ended meanwhile must not take over what it would give away again, for ever.
      if (stopped) return;
      const { resume } = resumption;
      takeOver = startTakeOver({ ownership, watch, resume, clock, random });
      if (shareEveryMs === 0) return;
      stopFairShare = startFairShare({
        ownership,
        requests,
        watch,
        resume,
        everyMs: shareEveryMs,
        answerTimeoutMs,
        clock,
        logger,
        random,
      });
    },
    recordingFailed(target, error) {
      if (!(error instanceof RedisCacheError && error.code === 'stale_token')) {
        watch.failed(error);
        return;
      }
      ownership.distrust(target);
      lose(target, 'taken');
    },
    report: () => ({ member, leases: ownership.held, store: watch.away ? 'away' : 'available' }),
    stop() {
      stopped = true;
      takeOver?.stop();
      stopFairShare();
      resumption.stop();
      router.stop();
    },
    async handOver() {
      await resumption.idle();
      await ownership.handOver();
    },
    close: () => requests.close(),
  };
}
