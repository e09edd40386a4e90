import { type ConnectionScope, parseScopeKey, scopeKey } from '../connection-scope.js';
import { invalidArgument } from '../redis-cache-error.js';
import type { ScriptRunner } from '../redis-script.js';
import {
  acquireScript,
  handOverScript,
  listScript,
  releaseScript,
  renewScript,
  takeOverScript,
} from './lease-scripts.js';
import { checkLeaseArguments, type Lease, type LeaseAnswer, type LeaseStore } from './lease-store.js';

export interface RedisLeaseStoreOptions {
  /** Begins the keys, and is their hash tag: all leases of a namespace share one slot. Default `ws:lease`. */
  readonly namespace?: string;
}

/** Leases in Redis, by Redis' own clock. */
export class RedisLeaseStore implements LeaseStore {
  readonly #redis: ScriptRunner;
  readonly #keys: readonly string[];

  constructor(redis: ScriptRunner, options: RedisLeaseStoreOptions = {}) {
    const namespace = options.namespace ?? 'ws:lease';
    if (!/^[A-Za-z0-9:._-]{1,64}$/.test(namespace)) {
      throw invalidArgument('namespace', namespace, '1 to 64 letters, digits, colons, dots, dashes or underscores');
    }
    this.#redis = redis;
    this.#keys = [`{${namespace}}:deadlines`, `{${namespace}}:owners`, `{${namespace}}:tokens`];
  }

  async acquire(scope: ConnectionScope, owner: string, ttlMs: number): Promise<LeaseAnswer> {
    checkLeaseArguments({ scope, owner, ttlMs });
    const answer = await this.#redis.runScript(acquireScript, this.#keys, [scopeKey(scope), owner, ttlMs]);
    const [granted, token, expiresInMs, holder] = answer as [number, string, number, string];
    return granted === 1
      ? { acquired: true, token: Number(token), expiresInMs }
      : { acquired: false, owner: holder, token: Number(token), expiresInMs };
  }

  async renew(scope: ConnectionScope, token: number, ttlMs: number): Promise<boolean> {
    checkLeaseArguments({ scope, token, ttlMs });
    return (await this.#redis.runScript(renewScript, this.#keys, [scopeKey(scope), token, ttlMs])) === 1;
  }

  async release(scope: ConnectionScope, token: number): Promise<boolean> {
    checkLeaseArguments({ scope, token });
    return (await this.#redis.runScript(releaseScript, this.#keys, [scopeKey(scope), token])) === 1;
  }

  async handOver(scope: ConnectionScope, token: number): Promise<boolean> {
    checkLeaseArguments({ scope, token });
    return (await this.#redis.runScript(handOverScript, this.#keys, [scopeKey(scope), token])) === 1;
  }

  async takeOver(owner: string, ttlMs: number, limit: number): Promise<Lease[]> {
    checkLeaseArguments({ owner, ttlMs, limit });
    const taken = (await this.#redis.runScript(takeOverScript, this.#keys, [owner, ttlMs, limit])) as string[][];
    return taken.flatMap(([key, token]) => toLease(key, owner, token, ttlMs));
  }

  listExpired(limit: number): Promise<Lease[]> {
    checkLeaseArguments({ limit });
    return this.#list('expired', limit);
  }

  list(): Promise<Lease[]> {
    return this.#list('all', 10_000);
  }

  async #list(which: 'expired' | 'all', limit: number): Promise<Lease[]> {
    const rows = (await this.#redis.runScript(listScript, this.#keys, [which, limit])) as [
      string,
      string,
      string,
      number,
    ][];
    return rows.flatMap(([key, owner, token, left]) => toLease(key, owner, token, left));
  }
}

/** A list of one, or of none when a foreign member stands in the set. */
function toLease(key: string | undefined, owner: string, token: string | undefined, expiresInMs: number): Lease[] {
  const scope = key === undefined ? undefined : parseScopeKey(key);
  return scope ? [{ scope, owner, token: Number(token), expiresInMs }] : [];
}
