import { type ConnectionScope, checkScope } from '../connection-scope.js';
import { checkWhole, invalidArgument } from '../redis-cache-error.js';

export type LeaseAnswer =
  /** The caller owns the scope. `token` is larger than every token given out for it before. */
  | { readonly acquired: true; readonly token: number; readonly expiresInMs: number }
  /** Somebody else owns it, for `expiresInMs` more unless they renew. */
  | { readonly acquired: false; readonly owner: string; readonly token: number; readonly expiresInMs: number };

/** One lease that has an owner. */
export interface Lease {
  readonly scope: ConnectionScope;
  readonly owner: string;
  readonly token: number;
  /** Ms until it expires; 0 when it has and nobody took it over. */
  readonly expiresInMs: number;
}

/**
 * Who owns which stream. A lease with a time limit cannot keep a paused owner from believing in it, so each carries
 * a token that only grows, and whatever is written under the lease must check it.
 */
export interface LeaseStore {
  /**
   * Takes a lease that is free or expired. Asking again as the same owner answers the same token and extends the
   * lease, so a lost answer costs nothing. An owner's name must not be used by two processes.
   */
  acquire(scope: ConnectionScope, owner: string, ttlMs: number): Promise<LeaseAnswer>;
  /** Extends a lease to `ttlMs` from now. False when it expired or was taken: what the token guards must stop. */
  renew(scope: ConnectionScope, token: number, ttlMs: number): Promise<boolean>;
  /** Gives a lease back: nobody takes it over. False when it was not held under this token any more. */
  release(scope: ConnectionScope, token: number): Promise<boolean>;
  /**
   * Ends a lease now instead of giving it back: `takeOver` finds it at once, as if it had expired, and another owner
   * goes on. False when it was not held under this token any more.
   */
  handOver(scope: ConnectionScope, token: number): Promise<boolean>;
  /** Takes up to `limit` expired leases at once, those expired longest first. */
  takeOver(owner: string, ttlMs: number, limit: number): Promise<Lease[]>;
  /** Leases whose owner let them expire, longest expired first. */
  listExpired(limit: number): Promise<Lease[]>;
  /** Every lease with an owner, expired ones included, next to expire first; in Redis the first 10,000. */
  list(): Promise<Lease[]>;
}

/** Lets a store's methods begin with one line. Times between 1 ms and a day. */
export function checkLeaseArguments(parts: {
  readonly scope?: ConnectionScope;
  readonly owner?: string;
  readonly ttlMs?: number;
  readonly token?: number;
  readonly limit?: number;
}): void {
  if (parts.scope !== undefined) checkScope(parts.scope);
  if (parts.owner !== undefined && (typeof parts.owner !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(parts.owner))) {
    throw invalidArgument('owner', parts.owner, '1 to 128 printable ASCII characters without spaces');
  }
  if (parts.ttlMs !== undefined) checkWhole('ttlMs', parts.ttlMs, 1, 86_400_000);
  if (parts.token !== undefined) checkWhole('token', parts.token, 1);
  if (parts.limit !== undefined) checkWhole('limit', parts.limit, 1, 10_000);
}
