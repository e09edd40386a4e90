import { randomUUID } from 'node:crypto';
import { type Clock, type Logger, type Metrics, silentLogger, silentMetrics, systemClock } from '@naru/core';
import { handleAll, type IBreaker, type Policy } from 'cockatiel';
import { checkShare, checkWhole, invalidArgument } from '../circuit-breaker-error.js';
import { cockatielBreaker } from '../detectors/cockatiel-breaker.js';
import { consecutiveFailures } from '../detectors/consecutive-failures.js';
import type { FailureDetector } from '../detectors/failure-detector.js';
import { type BreakerStore, checkCircuitName } from '../stores/breaker-store.js';
import { MemoryBreakerStore } from '../stores/memory-breaker-store.js';
import type { OpenTime } from './open-time.js';

export interface CircuitBreakerOptions {
  /** Which circuit; breakers of one store with one name share it. For a stream: `exchange/region/request_type`. */
  readonly name: string;
  /** Where the circuit lives. Default: in this process. */
  readonly store?: BreakerStore;
  /** When a closed circuit opens. Default `consecutiveFailures({ failures: 5 })`. */
  readonly detector?: FailureDetector | IBreaker;
  /** Which errors and results are failures, in cockatiel's terms. Other errors are neither failure nor success. Default `handleAll`. */
  readonly handle?: Policy;
  /** How long the circuit stays open, ms or one of cockatiel's backoffs. Default 60,000. */
  readonly openMs?: OpenTime;
  /** Shortens each open time by a random share of up to this much, 0 to 1. Default 0. */
  readonly openJitter?: number;
  /** Most probes of one half-open generation in the whole fleet. Default 3. */
  readonly maxProbes?: number;
  /** This many successful probes close the circuit; at most `maxProbes`. Default 2, or `maxProbes` if that is less. */
  readonly successThreshold?: number;
  /** A probe that has not ended by nine tenths of this counts as failed and its signal aborts, ms. Default 30,000. */
  readonly probeLeaseMs?: number;
  /** This many instances must see failures before the shared circuit opens; until then only the seeing ones stop. Default 1. */
  readonly quorum?: number;
  /** How long a vote counts, ms. Default 60,000. */
  readonly voteMs?: number;
  /** After closing, calls come back along a line over this time, ms; 0 lets all in at once. Default 5,000 with a shared store, else 0. */
  readonly rampMs?: number;
  /** While a shared store is away: `local` goes on with this process' own circuit, `reject` refuses calls. Default `local`. */
  readonly whenStoreIsAway?: 'local' | 'reject';
  /** How often a shared store is read besides its messages, ms. Default 1,000. */
  readonly pollMs?: number;
  /** Names this voter. Default: random. */
  readonly instance?: string;
  /** What `toJSON()` of a breaker gave, to begin with. */
  readonly initialState?: unknown;
  readonly clock?: Clock;
  /** 0 ≤ x < 1, for the jitter. Default `Math.random`. */
  readonly random?: () => number;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
}

export type ResolvedOptions = Required<Omit<CircuitBreakerOptions, 'detector'>> & {
  readonly detector: FailureDetector;
};

const isCockatiel = (detector: FailureDetector | IBreaker): detector is IBreaker => 'failure' in detector;

export function resolveOptions(options: CircuitBreakerOptions): ResolvedOptions {
  const clock = options.clock ?? systemClock;
  const store = options.store ?? new MemoryBreakerStore({ clock });
  const detector = options.detector ?? consecutiveFailures();
  const openMs = options.openMs ?? 60_000;
  if (typeof openMs === 'number') checkWhole('openMs', openMs, 1, 86_400_000);
  const maxProbes = checkWhole('maxProbes', options.maxProbes ?? 3, 1, 1_000);
  const successThreshold = options.successThreshold ?? Math.min(2, maxProbes);
  const whenStoreIsAway = options.whenStoreIsAway ?? 'local';
  if (whenStoreIsAway !== 'local' && whenStoreIsAway !== 'reject') {
    throw invalidArgument('whenStoreIsAway', whenStoreIsAway, 'local or reject');
  }
  return {
    name: checkCircuitName(options.name),
    store,
    detector: isCockatiel(detector) ? cockatielBreaker(detector) : detector,
    handle: options.handle ?? handleAll,
    openMs,
    openJitter: checkShare('openJitter', options.openJitter ?? 0, { zero: true }),
    maxProbes,
    // More could never be reached: a generation grants no more than maxProbes probes.
    successThreshold: checkWhole('successThreshold', successThreshold, 1, maxProbes),
    probeLeaseMs: checkWhole('probeLeaseMs', options.probeLeaseMs ?? 30_000, 10, 86_400_000),
    quorum: checkWhole('quorum', options.quorum ?? 1, 1, 10_000),
    voteMs: checkWhole('voteMs', options.voteMs ?? 60_000, 1, 86_400_000),
    rampMs: checkWhole('rampMs', options.rampMs ?? (store.shared ? 5_000 : 0), 0, 3_600_000),
    whenStoreIsAway,
    pollMs: checkWhole('pollMs', options.pollMs ?? 1_000, 10, 3_600_000),
    instance: options.instance ?? randomUUID(),
    initialState: options.initialState,
    clock,
    random: options.random ?? Math.random,
    logger: options.logger ?? silentLogger,
    metrics: options.metrics ?? silentMetrics,
  };
}
