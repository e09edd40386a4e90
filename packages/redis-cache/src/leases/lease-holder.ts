import { type Clock, type Logger, silentLogger, systemClock } from '@naru/core';
import type { ConnectionScope } from '../connection-scope.js';
import { checkWhole } from '../redis-cache-error.js';
import type { LeaseStore } from './lease-store.js';

export interface LeaseHolderOptions {
  readonly leases: LeaseStore;
  readonly scope: ConnectionScope;
  /** Of this process; never used by another one. */
  readonly owner: string;
  /** Default 10,000 ms, at least 30. Renewed every third of it; a renewal that fails is repeated every tenth. */
  readonly ttlMs?: number;
  /** The lease is no longer certain: stop what it guards, now. Called at most once per acquisition. */
  readonly onLost: (reason: LeaseLoss) => void;
  readonly clock?: Clock;
  /** 0 ≤ x < 1, for the jitter. Default `Math.random`. */
  readonly random?: () => number;
  readonly logger?: Logger;
}

/** `taken`: the store says it is somebody else's or nobody's. `unconfirmed`: no renewal got through in time. */
export type LeaseLoss = 'taken' | 'unconfirmed';

/**
 * Holds one lease by renewing it, and says when it can no longer be believed in. What it believes ends by the local
 * monotonic clock, counted from before the request was sent, so it ends before the store gives the lease away.
 */
export class LeaseHolder implements AsyncDisposable {
  readonly #options: Required<LeaseHolderOptions>;
  #token: number | undefined;
  /** By the clock's monotonic time. */
  #believedUntil = 0;
  #cancelRenewal: (() => void) | undefined;
  #cancelDeadline: (() => void) | undefined;
  #acquiring: Promise<number | undefined> | undefined;
  #renewing: Promise<void> | undefined;

  constructor(options: LeaseHolderOptions) {
    this.#options = {
      ...options,
      ttlMs: checkWhole('ttlMs', options.ttlMs ?? 10_000, 30, 86_400_000),
      clock: options.clock ?? systemClock,
      random: options.random ?? Math.random,
      logger: options.logger ?? silentLogger,
    };
  }

  /**
   * The fencing token while the lease is held, else undefined. Give it to every write that the lease guards. It looks
   * at the clock: a process that was paused and wakes up learns it here before any of its timers fires.
   */
  get token(): number | undefined {
    return this.#options.clock.monotonic() < this.#believedUntil ? this.#token : undefined;
  }

  /**
   * Tries to take the lease once; answers the token, or undefined when somebody else has it. A second call while one
   * is under way shares it.
   */
  acquire(): Promise<number | undefined> {
    if (this.token !== undefined) return Promise.resolve(this.#token);
    this.#acquiring ??= this.#acquire().finally(() => {
      this.#acquiring = undefined;
    });
    return this.#acquiring;
  }

  /** Goes on holding a lease that `takeOver` of the store gave, asked for at `askedAt` by the clock's monotonic time. */
  adopt(token: number, askedAt: number): void {
    if (this.token !== undefined) return;
    // What it still seemed to hold had ended, only the timer that says so is late.
    this.#lose('unconfirmed');
    this.#begin(token, askedAt);
  }

  /** Gives the lease back. A second call does nothing; a store that is away is no error, the lease expires there. */
  close(): Promise<void> {
    return this.#leave('release');
  }

  /** Stops holding and lets another owner take the lease over at once. A store that is away is no error here either. */
  handOver(): Promise<void> {
    return this.#leave('handOver');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #acquire(): Promise<number | undefined> {
    this.#lose('unconfirmed');
    const { leases, scope, owner, ttlMs, clock } = this.#options;
    const asked = clock.monotonic();
    const answer = await leases.acquire(scope, owner, ttlMs);
    return answer.acquired ? this.#begin(answer.token, asked) : undefined;
  }

  async #leave(how: 'release' | 'handOver'): Promise<void> {
    // What is being asked for would be held, and renewed, by nobody.
    if (this.#acquiring) await this.#acquiring.catch(() => {});
    const token = this.#token;
    this.#end();
    await this.#renewing;
    if (token === undefined) return;
    const { leases, scope, logger } = this.#options;
    try {
      await leases[how](scope, token);
    } catch (error) {
      logger.warn('lease could not be given away and expires by itself', { ...scope, error });
    }
  }

  #begin(token: number, asked: number): number | undefined {
    const left = this.#trusted(asked);
    if (left <= 0) return undefined;
    this.#token = token;
    this.#believeFor(left);
    this.#renewAfter(this.#options.ttlMs / 3);
    return token;
  }

  /** Ms for which an answer to a question asked then may be believed: a tenth less than the lease. */
  #trusted(asked: number): number {
    const { ttlMs, clock } = this.#options;
    return ttlMs * 0.9 - (clock.monotonic() - asked);
  }

  #believeFor(ms: number): void {
    this.#believedUntil = this.#options.clock.monotonic() + ms;
    this.#cancelDeadline?.();
    this.#cancelDeadline = this.#options.clock.schedule(ms, () => this.#lose('unconfirmed'));
  }

  #renewAfter(delayMs: number): void {
    const { clock, random } = this.#options;
    this.#cancelRenewal?.();
    // Jittered, so that replicas that began together do not renew together for ever.
    this.#cancelRenewal = clock.schedule(delayMs * (0.9 + 0.2 * random()), () => {
      this.#renewing = this.#renew().finally(() => {
        this.#renewing = undefined;
      });
    });
  }

  async #renew(): Promise<void> {
    const { leases, scope, ttlMs, clock, logger } = this.#options;
    const token = this.#token;
    if (token === undefined) return;
    const asked = clock.monotonic();
    let renewed: boolean | undefined;
    try {
      renewed = await leases.renew(scope, token, ttlMs);
    } catch (error) {
      logger.warn('lease could not be renewed', { ...scope, error });
    }
    if (this.#token !== token) return;
    if (renewed === false) {
      this.#lose('taken');
      return;
    }
    const left = this.#trusted(asked);
    if (renewed && left > 0) this.#believeFor(left);
    // What failed is tried again soon: the store may be back before the lease has ended.
    this.#renewAfter(renewed ? ttlMs / 3 : ttlMs / 10);
  }

  #lose(reason: LeaseLoss): void {
    if (this.#token === undefined) return;
    this.#end();
    this.#options.onLost(reason);
  }

  #end(): void {
    this.#token = undefined;
    this.#cancelDeadline?.();
    this.#cancelRenewal?.();
  }
}

/** A holder as {@link LeaseHolder} describes it, which holds nothing yet. */
export function createLeaseHolder(options: LeaseHolderOptions): LeaseHolder {
  return new LeaseHolder(options);
}
