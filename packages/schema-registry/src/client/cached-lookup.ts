import type { Clock } from '@naru/core';
import { type LRU, lru } from 'tiny-lru';
import { SchemaRegistryError } from '../registry-error.js';

export interface CachedLookupOptions {
  /** Entries kept; the least recently used goes first. */
  readonly maxEntries: number;
  /** How long an answer holds. Infinity for what never changes. */
  readonly ttlMs: number;
  /** How long "there is no such thing" holds; 0 asks every time. */
  readonly missingTtlMs: number;
  readonly clock: Clock;
}

/** Answers by key: remembered, and asked for once however many ask at the same time. */
export interface CachedLookup<T> {
  get(key: string, load: () => Promise<T>): Promise<T>;
  /** Forgets matching answers; those under way will not be remembered. */
  forget(matches: (key: string) => boolean): void;
}

type Entry<T> = { readonly until: number } & ({ readonly value: T } | { readonly missing: SchemaRegistryError });

export function createCachedLookup<T>(options: CachedLookupOptions): CachedLookup<T> {
  const entries: LRU<Entry<T>> = lru<Entry<T>>(options.maxEntries);
  const flights = new Map<string, Promise<T>>();

  function fly(key: string, load: () => Promise<T>): Promise<T> {
    // What was forgotten meanwhile must not be remembered: it may be what has just been deleted.
    const land = (entry?: Entry<T>): void => {
      if (flights.get(key) !== flight) return;
      flights.delete(key);
      if (entry) entries.set(key, entry);
    };
    const flight = load().then(
      (value) => {
        land({ value, until: options.clock.monotonic() + options.ttlMs });
        return value;
      },
      (error: unknown) => {
        const missing = error instanceof SchemaRegistryError && error.status === 404 ? error : undefined;
        land(missing && { missing, until: options.clock.monotonic() + options.missingTtlMs });
        throw error;
      },
    );
    flights.set(key, flight);
    return flight;
  }

  return {
    get(key, load) {
      const entry = entries.get(key);
      if (entry && entry.until > options.clock.monotonic()) {
        return 'value' in entry ? Promise.resolve(entry.value) : Promise.reject(entry.missing);
      }
      return flights.get(key) ?? fly(key, load);
    },
    forget(matches) {
      for (const key of entries.keys() as string[]) if (matches(key)) entries.delete(key);
      for (const key of flights.keys()) if (matches(key)) flights.delete(key);
    },
  };
}
