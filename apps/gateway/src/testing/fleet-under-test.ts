import { type Clock, silentLogger, type Target, targetKey } from '@naru/core';
import { createManualClock, type ManualClock } from '@naru/core/testing';
import { exchanges } from '@naru/exchanges';
import type { ProducerMessage } from '@naru/kafka-clients';
import {
  createLeaseStore,
  createMemoryMessageBus,
  type LeaseStore,
  MemoryConnectionStorage,
  type MessageBus,
  RedisCacheError,
  WebsocketConnectionCache,
} from '@naru/redis-cache';
import type { Failure } from '../events/event-publisher.js';
import { createFleet, type Fleet, type UnconfirmedPolicy } from '../fleet/fleet.js';
import { Ownership } from '../fleet/ownership.js';
import type { CommandStep } from '../orchestration/command-progress.js';
import type { ConnectContext } from '../orchestration/connect-context.js';
import { createConnectionRecorder } from '../orchestration/connection-recorder.js';
import { StreamOrchestrator } from '../orchestration/stream-orchestrator.js';
import { createRecordPublisher } from '../publishing/record-publisher.js';
import { type PlayedSocket, playSockets } from './played-sockets.js';

/** A process of the fleet: it can be cut off from the store, paused, killed and ended in order. */
export interface Member {
  readonly name: string;
  readonly fleet: Fleet;
  readonly orchestrator: StreamOrchestrator;
  readonly sockets: PlayedSocket[];
  readonly open: () => PlayedSocket[];
  readonly messages: ProducerMessage[];
  readonly failures: Failure[];
  /** What its commands went through. */
  readonly steps: CommandStep[];
  /** The store hears nothing of this member; with `answers` it hears everything and its answers are lost. */
  cutOff(away: boolean | 'answers'): void;
  /** As SIGSTOP and SIGCONT: nothing runs, and everything that came due runs at once afterwards. */
  pause(): void;
  wake(): void;
  /** As SIGKILL. */
  kill(): Promise<void>;
  /** As SIGTERM. */
  end(): Promise<void>;
  connect(context: ConnectContext): ReturnType<Fleet['commands']['connectFromContext']>;
  tokenOf(target: Target): number | undefined;
}

const leaseMs = 10_000;

export interface FleetUnderTest {
  readonly clock: ManualClock;
  join(name: string, policy?: UnconfirmedPolicy, shareEveryMs?: number): Promise<Member>;
  leases(): LeaseStore;
  cache(): WebsocketConnectionCache;
  /** Redis restarts without its data. */
  lose(): void;
  /** Target, owner and whether it is still owned, of every lease. */
  owners(): Promise<readonly (readonly [string, string, boolean])[]>;
}

/** Members in one process that share leases, state and a bus in memory, on a clock that stands still. */
export function createFleetUnderTest(): FleetUnderTest {
  const clock = createManualClock(1_700_000_000_000);
  let leaseStore = createLeaseStore({ clock });
  const bus = createMemoryMessageBus();
  let storage = new MemoryConnectionStorage(clock);

  const away = (): Promise<never> =>
    Promise.reject(new RedisCacheError('Redis is away.', { code: 'unavailable', retryable: true }));

  async function join(name: string, policy: UnconfirmedPolicy = 'stop', shareEveryMs = 0): Promise<Member> {
    let cut: boolean | 'answers' = false;
    let paused = false;
    let dead = false;
    const due: (() => void)[] = [];
    const whenRunning = (callback: () => void): void => {
      if (dead) return;
      if (paused) due.push(callback);
      else callback();
    };
    const ownClock: Clock = {
      now: clock.now,
      monotonic: clock.monotonic,
      schedule: (delayMs, callback) => clock.schedule(delayMs, () => whenRunning(callback)),
    };
    /** What a member reaches over the network. */
    const reach = <T extends object>(get: () => T): T =>
      new Proxy({} as T, {
        get:
          (_, method) =>
          (...all: unknown[]) => {
            if (cut === true || dead) return away();
            const answer = (get()[method as keyof T] as (...all: unknown[]) => unknown).apply(get(), all);
            return cut === 'answers' ? Promise.resolve(answer).then(away) : answer;
          },
      });
    const leases: LeaseStore = reach(() => leaseStore);
    const cache = new WebsocketConnectionCache(reach(() => storage));
    const ownBus: MessageBus = {
      publish: (channel, message) => (cut || dead ? away() : bus.publish(channel, message)),
      subscribe: (channel, listener) => bus.subscribe(channel, (message) => whenRunning(() => listener(message))),
    };
    const { sockets, dial } = playSockets();
    const messages: ProducerMessage[] = [];
    const failures: Failure[] = [];
    const steps: CommandStep[] = [];
    const progress = { note: (_: string | undefined, step: CommandStep) => void steps.push(step) };
    const events = {
      confirmed: () => {},
      failed: (failure: Failure) => void failures.push(failure),
      backpressure: () => {},
    };
    const recorder = createConnectionRecorder({
      cache,
      logger: silentLogger,
      onFailure: ({ target }, error) => fleet.recordingFailed(target, error),
    });
    const ownership = new Ownership({
      leases,
      member: name,
      leaseMs,
      clock: ownClock,
      random: () => 0.5,
      onLost: (target, reason) => fleet.lose(target, reason),
    });
    const orchestrator = new StreamOrchestrator({
      ownership,
      mayReceive: (target) => (policy === 'continue' ? () => true : ownership.watch(target)),
      findAdapter: (exchange, kind) => (exchanges.supports(exchange, kind) ? exchanges.get(exchange) : undefined),
      addressPolicy: {
        allowedHosts: [],
        exchangeHosts: {},
        allowPrivateAddresses: false,
        allowedPrivateAddresses: [],
      },
      createPublisher: (target) =>
        createRecordPublisher({
          target,
          topic: 'records',
          delivery: {
            send: ({ owner, message, receivedAt }) => {
              messages.push(message);
              owner.onAcknowledged(receivedAt);
            },
          },
          encode: (batch) => Buffer.from(JSON.stringify(batch)),
          instanceId: name,
          clock: ownClock,
          maxBatchRecords: 1,
          maxBatchWaitMs: 20,
          onLost: () => {},
        }),
      recorder,
      events,
      progress,
      logger: silentLogger,
      clock: ownClock,
      connection: () => ({
        dial,
        fetchSnapshot: () => Promise.reject(new Error('no snapshots here')),
        admit: (attempt) => attempt(),
        proofTimeoutMs: 2_000,
      }),
    });
    const fleet = createFleet({
      bus: ownBus,
      cache,
      ownership,
      streams: orchestrator,
      whenUnconfirmed: policy,
      shareEveryMs,
      answerTimeoutMs: 5_000,
      onStoreBack: () => recorder.refresh(),
      events,
      progress,
      logger: silentLogger,
      clock: ownClock,
      random: () => 0.5,
    });
    await fleet.start();
    return {
      name,
      fleet,
      orchestrator,
      sockets,
      open: () => sockets.filter(({ closed }) => !closed),
      messages,
      failures,
      steps,
      cutOff(isAway) {
        cut = isAway;
      },
      pause() {
        paused = true;
      },
      wake() {
        paused = false;
        for (const callback of due.splice(0)) callback();
      },
      async kill() {
        dead = true;
        await fleet.close();
      },
      async end() {
        fleet.stop();
        await orchestrator.shutdown();
        await fleet.handOver();
        await fleet.close();
      },
      connect: (context) => fleet.commands.connectFromContext(context),
      tokenOf: (target) => ownership.tokenOf(target),
    };
  }

  return {
    clock,
    join,
    leases: () => leaseStore,
    cache: () => new WebsocketConnectionCache(storage),
    lose() {
      leaseStore = createLeaseStore({ clock });
      storage = new MemoryConnectionStorage(clock);
    },
    async owners() {
      const leases = await leaseStore.list();
      return leases.map(({ scope, owner, expiresInMs }) => [targetKey(scope as Target), owner, expiresInMs > 0]);
    },
  };
}
