import { type Clock, systemClock } from '@naru/core';
import { type ConnectionScope, parseScopeKey, scopeKey } from '../connection-scope.js';
import { maxSymbols, type StoredConnection } from './connection-spec.js';
import type { ConnectionStorage, SymbolChange, WriteAnswer, WriteGuard } from './connection-storage.js';

interface Entry {
  readonly fields: Map<string, string>;
  readonly symbols: Set<string>;
  expiresAt: number;
}

interface Fence {
  readonly token: number;
  readonly expiresAt: number;
}

const written: WriteAnswer = { outcome: 'written' };
const missing: WriteAnswer = { outcome: 'missing' };

/** Connection state of one process, with the same rules and expiry as Redis. */
export class MemoryConnectionStorage implements ConnectionStorage {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  readonly #fences = new Map<string, Fence>();

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  async write(
    scope: ConnectionScope,
    fields: Readonly<Record<string, string>>,
    symbols: readonly string[],
    newId: string,
    guard: WriteGuard,
  ): Promise<WriteAnswer> {
    const key = scopeKey(scope);
    const stale = this.#checkFence(key, guard);
    if (stale) return stale;
    this.#dropExpired();
    const before = this.#live(key)?.fields;
    const now = this.#now();
    const { exchange, region, request_type } = scope;
    const after = new Map(Object.entries({ ...fields, exchange, region, request_type }));
    const given = after.get('connection_id');
    const started = before?.get('created_at');
    if (given === undefined) after.set('connection_id', before?.get('connection_id') ?? newId);
    if (!after.has('created_at')) {
      const same = given === undefined || given === before?.get('connection_id');
      after.set('created_at', same && started !== undefined ? started : now);
    }
    const entry: Entry = { fields: after, symbols: new Set(symbols), expiresAt: 0 };
    this.#entries.set(key, entry);
    return this.#finish(key, entry, guard);
  }

  async update(
    scope: ConnectionScope,
    fields: Readonly<Record<string, string>>,
    guard: WriteGuard,
  ): Promise<WriteAnswer> {
    const key = scopeKey(scope);
    const stale = this.#checkFence(key, guard);
    if (stale) return stale;
    const entry = this.#live(key);
    if (!entry) return missing;
    for (const [name, value] of Object.entries(fields)) entry.fields.set(name, value);
    return this.#finish(key, entry, guard);
  }

  async changeSymbols(
    scope: ConnectionScope,
    change: SymbolChange,
    symbols: readonly string[],
    guard: WriteGuard,
  ): Promise<WriteAnswer> {
    const key = scopeKey(scope);
    const stale = this.#checkFence(key, guard);
    if (stale) return stale;
    const entry = this.#live(key);
    if (!entry) return missing;
    if (change === 'merge' && new Set([...entry.symbols, ...symbols]).size > maxSymbols) return { outcome: 'full' };
    if (change === 'replace') entry.symbols.clear();
    for (const symbol of symbols) {
      if (change === 'remove') entry.symbols.delete(symbol);
      else entry.symbols.add(symbol);
    }
    return this.#finish(key, entry, guard);
  }

  async read(scope: ConnectionScope): Promise<StoredConnection | 'missing' | 'damaged'> {
    const entry = this.#live(scopeKey(scope));
    if (!entry) return 'missing';
    return {
      fields: Object.fromEntries(entry.fields),
      symbols: [...entry.symbols],
      expiresInMs: Math.ceil(entry.expiresAt - this.#clock.monotonic()),
    };
  }

  async remove(scope: ConnectionScope, guard: WriteGuard): Promise<WriteAnswer> {
    const key = scopeKey(scope);
    const stale = this.#checkFence(key, guard);
    if (stale) return stale;
    const existed = this.#live(key) !== undefined;
    this.#entries.delete(key);
    this.#raiseFence(key, guard);
    return existed ? written : missing;
  }

  async *list(): AsyncIterable<ConnectionScope> {
    this.#dropExpired();
    for (const key of [...this.#entries.keys()]) {
      const scope = parseScopeKey(key);
      if (scope) yield scope;
    }
  }

  #now(): string {
    return String(Math.floor(this.#clock.now()));
  }

  #live(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (!entry || entry.expiresAt > this.#clock.monotonic()) return entry;
    this.#entries.delete(key);
    return undefined;
  }

  #checkFence(key: string, { token }: WriteGuard): WriteAnswer | undefined {
    const fence = this.#fences.get(key);
    if (!fence || fence.expiresAt <= this.#clock.monotonic()) return undefined;
    return token === undefined || token < fence.token ? { outcome: 'stale', token: fence.token } : undefined;
  }

  #raiseFence(key: string, { token, ttlMs }: WriteGuard): void {
    if (token !== undefined) this.#fences.set(key, { token, expiresAt: this.#clock.monotonic() + ttlMs });
  }

  #finish(key: string, entry: Entry, guard: WriteGuard): WriteAnswer {
    entry.fields.set('last_active', this.#now());
    entry.fields.set('symbol_count', String(entry.symbols.size));
    if (guard.token !== undefined) entry.fields.set('owner_token', String(guard.token));
    entry.expiresAt = this.#clock.monotonic() + guard.ttlMs;
    this.#raiseFence(key, guard);
    return written;
  }

  // What nobody reads again must not stay for ever; scopes are few, so each new entry can pay for a sweep.
  #dropExpired(): void {
    const now = this.#clock.monotonic();
    for (const [key, entry] of this.#entries) if (entry.expiresAt <= now) this.#entries.delete(key);
    for (const [key, fence] of this.#fences) if (fence.expiresAt <= now) this.#fences.delete(key);
  }
}
