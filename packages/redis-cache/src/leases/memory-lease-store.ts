import { type Clock, systemClock } from '@naru/core';
import { type ConnectionScope, scopeKey } from '../connection-scope.js';
import { checkLeaseArguments, type Lease, type LeaseAnswer, type LeaseStore } from './lease-store.js';

interface Held {
  readonly scope: ConnectionScope;
  readonly owner: string;
  readonly token: number;
  /** By the clock's monotonic time. */
  deadline: number;
}

/** Leases of one process, for running without Redis and for tests. */
export class MemoryLeaseStore implements LeaseStore {
  readonly #clock: Clock;
  readonly #held = new Map<string, Held>();
  /** Of all scopes: one number for each would stay for ever. */
  #lastToken = 0;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  async acquire(scope: ConnectionScope, owner: string, ttlMs: number): Promise<LeaseAnswer> {
    checkLeaseArguments({ scope, owner, ttlMs });
    const held = this.#held.get(scopeKey(scope));
    if (!held || this.#left(held) === 0) {
      return { acquired: true, token: this.#grant(scope, owner, ttlMs).token, expiresInMs: ttlMs };
    }
    if (held.owner !== owner) {
      return { acquired: false, owner: held.owner, token: held.token, expiresInMs: this.#left(held) };
    }
    held.deadline = Math.max(held.deadline, this.#clock.monotonic() + ttlMs);
    return { acquired: true, token: held.token, expiresInMs: this.#left(held) };
  }

  async renew(scope: ConnectionScope, token: number, ttlMs: number): Promise<boolean> {
    checkLeaseArguments({ scope, token, ttlMs });
    const held = this.#holding(scope, token);
    if (held) held.deadline = this.#clock.monotonic() + ttlMs;
    return held !== undefined;
  }

  async release(scope: ConnectionScope, token: number): Promise<boolean> {
    checkLeaseArguments({ scope, token });
    return this.#holding(scope, token) !== undefined && this.#held.delete(scopeKey(scope));
  }

  async handOver(scope: ConnectionScope, token: number): Promise<boolean> {
    checkLeaseArguments({ scope, token });
    const held = this.#holding(scope, token);
    if (held) held.deadline = this.#clock.monotonic();
    return held !== undefined;
  }

  async takeOver(owner: string, ttlMs: number, limit: number): Promise<Lease[]> {
    checkLeaseArguments({ owner, ttlMs, limit });
    return this.#expired(limit).map(({ scope }) => {
      const { token } = this.#grant(scope, owner, ttlMs);
      return { scope, owner, token, expiresInMs: ttlMs };
    });
  }

  async listExpired(limit: number): Promise<Lease[]> {
    checkLeaseArguments({ limit });
    return this.#expired(limit).map((held) => this.#describe(held));
  }

  async list(): Promise<Lease[]> {
    return this.#byDeadline().map((held) => this.#describe(held));
  }

  #left(held: Held): number {
    return Math.max(0, Math.ceil(held.deadline - this.#clock.monotonic()));
  }

  #holding(scope: ConnectionScope, token: number): Held | undefined {
    const held = this.#held.get(scopeKey(scope));
    return held && held.token === token && this.#left(held) > 0 ? held : undefined;
  }

  #grant(scope: ConnectionScope, owner: string, ttlMs: number): Held {
    const key = scopeKey(scope);
    // As in Redis: larger than the last one, and never below the time of day in microseconds.
    const token = Math.max(this.#lastToken + 1, Math.floor(this.#clock.now() * 1_000));
    const held = { scope, owner, token, deadline: this.#clock.monotonic() + ttlMs };
    this.#lastToken = token;
    this.#held.set(key, held);
    return held;
  }

  #byDeadline(): Held[] {
    return [...this.#held.values()].sort(
      (a, b) => a.deadline - b.deadline || (scopeKey(a.scope) < scopeKey(b.scope) ? -1 : 1),
    );
  }

  #expired(limit: number): Held[] {
    return this.#byDeadline()
      .filter((held) => this.#left(held) === 0)
      .slice(0, limit);
  }

  #describe(held: Held): Lease {
    return { scope: held.scope, owner: held.owner, token: held.token, expiresInMs: this.#left(held) };
  }
}
