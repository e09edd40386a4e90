import { type Clock, type Target, targetKey } from '@naru/core';
import { createLeaseHolder, type Lease, type LeaseHolder, type LeaseLoss, type LeaseStore } from '@naru/redis-cache';
import { GatewayError } from '../gateway-error.js';

/** The answer to who owns a target. */
export type Claim =
  /** This member does; everything done for the target carries the token. */
  | { readonly held: true; readonly token: number }
  | { readonly held: false; readonly owner: string; readonly expiresInMs: number };

export interface OwnershipOptions {
  readonly leases: LeaseStore;
  readonly member: string;
  readonly leaseMs: number;
  readonly clock: Clock;
  /** A lease that was held is no longer certain. */
  readonly onLost: (target: Target, reason: LeaseLoss) => void;
  readonly random?: (() => number) | undefined;
}

/** The leases of this member, one for each target it streams. Targets are a closed set, so they are few. */
export class Ownership {
  readonly member: string;
  readonly #options: OwnershipOptions;
  readonly #holders = new Map<string, LeaseHolder>();
  #ended = false;

  constructor(options: OwnershipOptions) {
    this.#options = options;
    this.member = options.member;
  }

  /** The fencing token while the lease of a target is believed in, else undefined. */
  tokenOf(target: Target): number | undefined {
    return this.#holders.get(targetKey(target))?.token;
  }

  /** The same question about one target, for those who ask it with every frame. */
  watch(target: Target): () => boolean {
    const key = targetKey(target);
    return () => this.#holders.get(key)?.token !== undefined;
  }

  /** How many leases are held. */
  get held(): number {
    return [...this.#holders.values()].filter(({ token }) => token !== undefined).length;
  }

  /** Takes the lease of a target or says whose it is. One that is held is answered without asking the store. */
  async claim(target: Target): Promise<Claim> {
    const held = this.tokenOf(target);
    if (held !== undefined) return { held: true, token: held };
    const { leases, member, leaseMs, clock } = this.#options;
    const askedAt = clock.monotonic();
    const answer = await leases.acquire(target, member, leaseMs);
    if (!answer.acquired) return { held: false, owner: answer.owner, expiresInMs: answer.expiresInMs };
    const token = this.#adopt(target, answer.token, askedAt);
    if (token === undefined) {
      throw new GatewayError(
        'ownership_lost',
        `The lease of ${targetKey(target)} was confirmed too late to be believed. It is asked for again.`,
        { retryable: true },
      );
    }
    return { held: true, token };
  }

  /** Takes up to `limit` leases whose owners are gone and answers their targets, which may be anything. */
  async takeOver(limit: number): Promise<Target[]> {
    const { leases, member, leaseMs, clock } = this.#options;
    const askedAt = clock.monotonic();
    const taken = await leases.takeOver(member, leaseMs, limit);
    return taken.flatMap(({ scope, token }) => {
      const target = scope as Target;
      return this.#adopt(target, token, askedAt) === undefined ? [] : [target];
    });
  }

  /**
   * Targets whose leases are this member's without its knowing: the store carried out what it was asked, and the answer
   * was lost. `claim` takes hold of them.
   */
  async listForgotten(): Promise<Target[]> {
    const { member } = this.#options;
    return (await this.list()).flatMap(({ scope, owner, expiresInMs }) => {
      const target = scope as Target;
      return owner === member && expiresInMs > 0 && this.tokenOf(target) === undefined ? [target] : [];
    });
  }

  /** How many leases each member holds, as the store has it. */
  async countByMember(): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    for (const { owner, expiresInMs } of await this.list()) {
      if (expiresInMs > 0) counts.set(owner, (counts.get(owner) ?? 0) + 1);
    }
    return counts;
  }

  /** Ends one lease, so that another member takes it over at once. */
  async giveAway(target: Target): Promise<void> {
    await this.#letGo(target)?.handOver();
  }

  /** Who owns what in the whole fleet, expired leases included. Rejects when the store cannot be asked. */
  list(): Promise<Lease[]> {
    return this.#options.leases.list();
  }

  /** Ends the lease for good. */
  async release(target: Target): Promise<void> {
    await this.#letGo(target)?.close();
  }

  /** Stops believing in a lease, because something newer than its token was seen. */
  distrust(target: Target): void {
    void this.#letGo(target)?.close();
  }

  /**
   * Ends every lease, so that other members take them over at once, and takes none from now on. One that is granted
   * afterwards, to a question that was under way, is handed over as well.
   */
  async handOver(): Promise<void> {
    this.#ended = true;
    await Promise.all([...this.#holders.values()].map((holder) => holder.handOver()));
    this.#holders.clear();
  }

  #letGo(target: Target): LeaseHolder | undefined {
    const holder = this.#holders.get(targetKey(target));
    this.#holders.delete(targetKey(target));
    return holder;
  }

  #adopt(target: Target, token: number, askedAt: number): number | undefined {
    const { leases, member, leaseMs, clock, random, onLost } = this.#options;
    const key = targetKey(target);
    if (this.#ended) {
      // If that fails the lease ends by itself, for nobody renews it.
      void leases.handOver(target, token).catch(() => {});
      return undefined;
    }
    let holder = this.#holders.get(key);
    if (!holder) {
      holder = createLeaseHolder({
        leases,
        scope: target,
        owner: member,
        ttlMs: leaseMs,
        onLost: (reason) => onLost(target, reason),
        clock,
        ...(random ? { random } : {}),
      });
      this.#holders.set(key, holder);
    }
    holder.adopt(token, askedAt);
    return holder.token;
  }
}
