import { randomUUID } from 'node:crypto';
import type { Clock } from '@naru/core';
import { type ConnectionScope, checkScope, scopeKey } from '../connection-scope.js';
import { checkWhole, invalidArgument, RedisCacheError } from '../redis-cache-error.js';
import type { ScriptRunner } from '../redis-script.js';
import {
  type CachedConnectionSpec,
  type ConnectionStatus,
  checkConnectionId,
  checkStatus,
  checkSymbols,
  checkUrl,
  decodeSpec,
  encodeSocketParams,
  encodeSpec,
  maxSymbols,
  type SocketParams,
  type WebsocketConnectionSpec,
} from './connection-spec.js';
import type { ConnectionStorage, WriteAnswer, WriteGuard } from './connection-storage.js';
import { MemoryConnectionStorage } from './memory-connection-storage.js';
import { type ConnectionKeyStyle, RedisConnectionStorage } from './redis-connection-storage.js';

export interface WebsocketConnectionCacheOptions {
  /** Seconds after the last write until an entry is gone. Default 3,600. */
  readonly ttlSeconds?: number;
  /** Default: `tagged` on a Redis Cluster, else `plain`. Ignored in memory. */
  readonly keyStyle?: ConnectionKeyStyle;
}

/** Guards a write with the fencing token of the writer's ownership lease. */
export interface WriteOptions {
  /** Once an entry saw a token, writes with an older one or without any fail with `stale_token`. */
  readonly token?: number;
}

/** What `updateState` may change; what is left out stays. */
export interface ConnectionStateUpdate {
  readonly status?: ConnectionStatus;
  readonly url?: string;
  readonly connectionId?: string;
  readonly socketParams?: SocketParams;
}

/**
 * What is known about each WebSocket connection, shared by all replicas. Every write is one atomic step that also
 * renews the expiry of everything the entry consists of.
 */
export class WebsocketConnectionCache {
  readonly #storage: ConnectionStorage;
  readonly #ttlMs: number;

  /** @param source a manager, whose Redis holds the state, or a storage such as `MemoryConnectionStorage`. */
  constructor(source: ScriptRunner | ConnectionStorage, options: WebsocketConnectionCacheOptions = {}) {
    this.#ttlMs = 1_000 * checkWhole('ttlSeconds', options.ttlSeconds ?? 3_600, 1, 31_536_000);
    this.#storage = 'runScript' in source ? new RedisConnectionStorage(source, options.keyStyle) : source;
  }

  /** Writes everything known about a connection. A start time is kept while the connection stays the same. */
  async setConnectionSpec(
    scope: ConnectionScope,
    spec: WebsocketConnectionSpec,
    options: WriteOptions = {},
  ): Promise<void> {
    checkScope(scope);
    const { fields, symbols } = encodeSpec(spec);
    const answer = await this.#storage.write(scope, fields, symbols, randomUUID(), this.#guard(options));
    this.#settle(scope, answer);
  }

  /** Undefined when there is no entry; `damaged_value` when what is there is not ours. */
  async getConnectionSpec(scope: ConnectionScope): Promise<CachedConnectionSpec | undefined> {
    checkScope(scope);
    const stored = await this.#storage.read(scope);
    if (stored === 'missing') return undefined;
    if (stored === 'damaged') throw damaged(scope);
    return decodeSpec(scope, stored);
  }

  /** Changes parts of an entry; `not_found` when there is none. Without changes it only renews the expiry. */
  async updateState(
    scope: ConnectionScope,
    update: ConnectionStateUpdate = {},
    options: WriteOptions = {},
  ): Promise<void> {
    checkScope(scope);
    const fields: Record<string, string> = {};
    if (update.status !== undefined) fields.status = checkStatus(update.status);
    if (update.url !== undefined) fields.url = checkUrl(update.url);
    if (update.connectionId !== undefined) fields.connection_id = checkConnectionId(update.connectionId);
    if (update.socketParams !== undefined) fields.socket_params = encodeSocketParams(update.socketParams);
    this.#settle(scope, await this.#storage.update(scope, fields, this.#guard(options)));
  }

  /** The entry's symbols become exactly these. */
  replaceSymbols(scope: ConnectionScope, symbols: readonly string[], options?: WriteOptions): Promise<void> {
    return this.#changeSymbols('replace', scope, symbols, options);
  }

  /** Adds symbols to those that are there; `invalid_argument` if that made more than 10,000. */
  mergeSymbols(scope: ConnectionScope, symbols: readonly string[], options?: WriteOptions): Promise<void> {
    return this.#changeSymbols('merge', scope, symbols, options);
  }

  removeSymbols(scope: ConnectionScope, symbols: readonly string[], options?: WriteOptions): Promise<void> {
    return this.#changeSymbols('remove', scope, symbols, options);
  }

  /** Removes an entry, also a damaged one; answers whether there was one. */
  async removeConnection(scope: ConnectionScope, options: WriteOptions = {}): Promise<boolean> {
    checkScope(scope);
    const answer = await this.#storage.remove(scope, this.#guard(options));
    if (answer.outcome === 'missing') return false;
    this.#settle(scope, answer);
    return true;
  }

  /** The scopes that have an entry, in the order of their keys. */
  async listScopes(): Promise<ConnectionScope[]> {
    const scopes: ConnectionScope[] = [];
    for await (const scope of this.#storage.list()) scopes.push(scope);
    return scopes.sort((a, b) => (scopeKey(a) < scopeKey(b) ? -1 : 1));
  }

  /** Every readable entry. A damaged or just expired one is left out; `getConnectionSpec` tells which it is. */
  async listConnections(): Promise<CachedConnectionSpec[]> {
    const specs: CachedConnectionSpec[] = [];
    for (const scope of await this.listScopes()) {
      const stored = await this.#storage.read(scope);
      if (typeof stored === 'string') continue;
      try {
        specs.push(decodeSpec(scope, stored));
      } catch (error) {
        if (!(error instanceof RedisCacheError) || error.code !== 'damaged_value') throw error;
      }
    }
    return specs;
  }

  async #changeSymbols(
    change: 'replace' | 'merge' | 'remove',
    scope: ConnectionScope,
    symbols: readonly string[],
    options: WriteOptions = {},
  ): Promise<void> {
    checkScope(scope);
    const checked = checkSymbols(symbols);
    this.#settle(scope, await this.#storage.changeSymbols(scope, change, checked, this.#guard(options)));
  }

  #guard({ token }: WriteOptions): WriteGuard {
    if (token !== undefined && (!Number.isSafeInteger(token) || token < 1)) {
      throw invalidArgument('token', token, 'a fencing token as a lease gives it');
    }
    return { ttlMs: this.#ttlMs, token };
  }

  #settle(scope: ConnectionScope, answer: WriteAnswer): void {
    switch (answer.outcome) {
      case 'written':
        return;
      case 'missing':
        throw new RedisCacheError(`No connection is cached for ${scopeKey(scope)}. Call setConnectionSpec first.`, {
          code: 'not_found',
        });
      case 'stale':
        throw new RedisCacheError(
          `${scopeKey(scope)} is owned under token ${answer.token}; this write carries an older one or none. Stop writing; acquire the lease again if you should own it.`,
          { code: 'stale_token' },
        );
      case 'full':
        throw new RedisCacheError(
          `${scopeKey(scope)} would have more than ${maxSymbols} symbols. Remove some, or open another connection.`,
          { code: 'invalid_argument' },
        );
      case 'damaged':
        throw damaged(scope);
    }
  }
}

function damaged(scope: ConnectionScope): RedisCacheError {
  return new RedisCacheError(
    `What is stored for ${scopeKey(scope)} was not written by this package. Look at its keys; removeConnection or setConnectionSpec replaces it.`,
    { code: 'damaged_value' },
  );
}

/** The same cache without Redis, for one process and for tests. */
export function createMemoryConnectionCache(
  options: WebsocketConnectionCacheOptions & { readonly clock?: Clock } = {},
): WebsocketConnectionCache {
  return new WebsocketConnectionCache(new MemoryConnectionStorage(options.clock), options);
}
