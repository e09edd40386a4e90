import { invalidArgument } from '../circuit-breaker-error.js';
import type { CircuitSnapshot, OperatorMode } from './circuit-snapshot.js';

export interface ProbeRequest {
  /** Unique; asking again with it answers the same grant. */
  readonly token: string;
  /** After this long without a report the probe counts as lost and its place is free, ms. */
  readonly leaseMs: number;
  /** Most probes of one half-open generation, finished ones included. */
  readonly maxProbes: number;
}

export type ProbeOutcome = 'success' | 'failure' | 'ignored';

export interface ProbeReport {
  readonly token: string;
  /** The generation that granted the probe. */
  readonly epoch: number;
  /** `ignored` gives the place back and says nothing about the circuit. */
  readonly outcome: ProbeOutcome;
  /** This many successes close the circuit. */
  readonly successThreshold: number;
  /** How long the circuit stays open if this report opens it, ms. */
  readonly openMs: number;
}

export interface TripVote {
  /** Who votes; a second vote of the same instance only renews its first. */
  readonly instance: string;
  /** The generation in which the failures were seen. */
  readonly epoch: number;
  /** This many instances open the circuit. */
  readonly quorum: number;
  /** How long a vote counts, ms. */
  readonly voteMs: number;
  readonly openMs: number;
}

export interface ModeChange {
  readonly mode: OperatorMode;
  readonly reason?: string;
  readonly author?: string;
}

/** What a change did: whether it counted, and the circuit afterwards. */
export interface StoreAnswer {
  readonly applied: boolean;
  readonly snapshot: CircuitSnapshot;
}

/**
 * Where circuits live, one per name. Every method is one atomic step that answers the circuit as it is afterwards;
 * a resent request changes nothing twice. Rejections mean the store could not be reached.
 */
export interface BreakerStore {
  /** Whether other processes see the same circuits: then breakers watch, poll and survive its absence. */
  readonly shared: boolean;
  read(name: string): Promise<CircuitSnapshot>;
  /** Asks to send a probe. An open circuit whose time is over becomes half-open. A denial writes nothing. */
  acquire(name: string, request: ProbeRequest): Promise<StoreAnswer>;
  /** Counts only when the generation is the present one and the token's lease has not ended. */
  report(name: string, report: ProbeReport): Promise<StoreAnswer>;
  /** Votes to open a closed circuit; counts only in the present generation. `applied` says that it opened. */
  trip(name: string, vote: TripVote): Promise<StoreAnswer>;
  setMode(name: string, change: ModeChange): Promise<CircuitSnapshot>;
  /** Closed, automatic, nothing counted, a new generation. */
  reset(name: string): Promise<CircuitSnapshot>;
  /**
   * Puts a circuit back after the store lost data, or from an export: counts when its revision is higher than what is
   * stored, and keeps that revision, so that of several who remember the one who knows most wins.
   */
  restore(name: string, snapshot: CircuitSnapshot): Promise<StoreAnswer>;
  /** Names of the stored circuits, in no order. */
  list(): AsyncIterable<string>;
  /** Calls the listener with every change; with undefined when changes may have been missed and a read is due. */
  watch(name: string, listener: (snapshot: CircuitSnapshot | undefined) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** Names become parts of keys: braces would move a Redis Cluster slot, control characters would break terminals. */
export function checkCircuitName(name: string): string {
  if (typeof name !== 'string' || !/^[^{}\p{Cc}\s]{1,200}$/u.test(name)) {
    throw invalidArgument('name', name, '1 to 200 characters without spaces, braces and control characters');
  }
  return name;
}
