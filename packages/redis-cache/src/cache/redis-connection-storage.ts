import { type ConnectionScope, parseScopeKey } from '../connection-scope.js';
import { RedisCacheError } from '../redis-cache-error.js';
import type { RedisScript, ScriptRunner } from '../redis-script.js';
import { changeSymbolsScript, readScript, removeScript, updateScript, writeScript } from './connection-scripts.js';
import type { StoredConnection } from './connection-spec.js';
import type { ConnectionStorage, SymbolChange, WriteAnswer, WriteGuard } from './connection-storage.js';

/**
 * `plain`: `ws:connection:upbit:korea:ticker`, readable by everybody who knows the documented names.
 * `tagged`: `ws:connection:{upbit:korea:ticker}`, so that a Redis Cluster keeps an entry's keys together.
 */
export type ConnectionKeyStyle = 'plain' | 'tagged';

const prefix = 'ws:connection:';

/** Connection state in Redis: a hash, a set beside it and a fence, each write one script. */
export class RedisConnectionStorage implements ConnectionStorage {
  readonly #redis: ScriptRunner;
  readonly #tagged: boolean;

  constructor(redis: ScriptRunner, keyStyle: ConnectionKeyStyle = redis.cluster ? 'tagged' : 'plain') {
    this.#redis = redis;
    this.#tagged = keyStyle === 'tagged';
  }

  write(
    scope: ConnectionScope,
    fields: Readonly<Record<string, string>>,
    symbols: readonly string[],
    newId: string,
    guard: WriteGuard,
  ): Promise<WriteAnswer> {
    const { exchange, region, request_type } = scope;
    const { connection_id = '', created_at = '', ...rest } = fields;
    const pairs = Object.entries({ ...rest, exchange, region, request_type }).flat();
    const head = [connection_id, newId, created_at, pairs.length];
    return this.#change(writeScript, scope, guard, [...head, ...pairs, ...symbols]);
  }

  update(scope: ConnectionScope, fields: Readonly<Record<string, string>>, guard: WriteGuard): Promise<WriteAnswer> {
    return this.#change(updateScript, scope, guard, Object.entries(fields).flat());
  }

  changeSymbols(
    scope: ConnectionScope,
    change: SymbolChange,
    symbols: readonly string[],
    guard: WriteGuard,
  ): Promise<WriteAnswer> {
    return this.#change(changeSymbolsScript, scope, guard, [change, ...symbols]);
  }

  remove(scope: ConnectionScope, guard: WriteGuard): Promise<WriteAnswer> {
    return this.#change(removeScript, scope, guard, []);
  }

  async read(scope: ConnectionScope): Promise<StoredConnection | 'missing' | 'damaged'> {
    const answer = await this.#redis.runScript(readScript, this.#keys(scope).slice(0, 2), []);
    const [outcome, ttl, flat, symbols] = answer as [string, number, string[], string[]];
    if (outcome !== 'found') return outcome === 'missing' ? 'missing' : 'damaged';
    const fields: Record<string, string> = Object.create(null);
    for (let at = 0; at + 1 < flat.length; at += 2) fields[flat[at]!] = flat[at + 1]!;
    return { fields, symbols, expiresInMs: ttl };
  }

  async *list(): AsyncIterable<ConnectionScope> {
    for await (const key of this.#redis.scanKeys(`${prefix}*`)) {
      const name = this.#tagged ? /^\{([^{}]+)\}$/.exec(key.slice(prefix.length))?.[1] : key.slice(prefix.length);
      // The symbols and the fence have a fourth part, so they do not parse.
      const scope = name && parseScopeKey(name.replaceAll(':', '/'));
      if (scope) yield scope;
    }
  }

  #keys({ exchange, region, request_type }: ConnectionScope): readonly string[] {
    const name = `${exchange}:${region}:${request_type}`;
    const base = prefix + (this.#tagged ? `{${name}}` : name);
    return [base, `${base}:symbols`, `${base}:fence`];
  }

  async #change(
    script: RedisScript,
    scope: ConnectionScope,
    guard: WriteGuard,
    args: readonly (string | number)[],
  ): Promise<WriteAnswer> {
    const answer = await this.#redis.runScript(script, this.#keys(scope), [guard.token ?? '', guard.ttlMs, ...args]);
    const [outcome, token] = answer as [string, string];
    switch (outcome) {
      case 'written':
      case 'missing':
      case 'damaged':
      case 'full':
        return { outcome };
      case 'stale':
        return { outcome, token: Number(token) };
      default:
        throw new RedisCacheError(`Redis answered a cache script with ${JSON.stringify(outcome)}. Is it a proxy?`, {
          code: 'rejected',
        });
    }
  }
}
