import type { ConnectionScope } from '../connection-scope.js';
import type { StoredConnection } from './connection-spec.js';

export type SymbolChange = 'replace' | 'merge' | 'remove';

/** How a write is guarded and how long what it leaves behind lives. */
export interface WriteGuard {
  readonly ttlMs: number;
  /** Fencing token of the writer's lease. Once one was seen, older ones and writers without any are refused. */
  readonly token: number | undefined;
}

export type WriteAnswer =
  | { readonly outcome: 'written' }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'stale'; readonly token: number }
  /** Nothing was written: there would have been more symbols than an entry may have. */
  | { readonly outcome: 'full' }
  | { readonly outcome: 'damaged' };

/**
 * Where connection state lives. Every method is one atomic step: whoever reads sees hash, symbols and expiry
 * from before a write or from after it, never a mixture.
 */
export interface ConnectionStorage {
  /**
   * Replaces hash and symbols whole. `connection_id` and `created_at` missing in `fields` are kept from the entry
   * that is there; a different `connection_id` starts a new `created_at`. `newId` names a connection without a name.
   */
  write(
    scope: ConnectionScope,
    fields: Readonly<Record<string, string>>,
    symbols: readonly string[],
    newId: string,
    guard: WriteGuard,
  ): Promise<WriteAnswer>;
  /** Overwrites the given fields of an entry that is there, and `last_active`. */
  update(scope: ConnectionScope, fields: Readonly<Record<string, string>>, guard: WriteGuard): Promise<WriteAnswer>;
  changeSymbols(
    scope: ConnectionScope,
    change: SymbolChange,
    symbols: readonly string[],
    guard: WriteGuard,
  ): Promise<WriteAnswer>;
  read(scope: ConnectionScope): Promise<StoredConnection | 'missing' | 'damaged'>;
  /** Removes hash and symbols; the fence stays for `ttlMs`, so that an older owner cannot write them again. */
  remove(scope: ConnectionScope, guard: WriteGuard): Promise<WriteAnswer>;
  /** Scopes with an entry, in no order. */
  list(): AsyncIterable<ConnectionScope>;
}
