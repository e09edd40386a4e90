import { createManualClock } from '@naru/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { SchemaRegistryError } from '../registry-error.js';
import { type CachedLookup, createCachedLookup } from './cached-lookup.js';

describe('createCachedLookup', () => {
  const clock = createManualClock();
  let loads: string[];
  let cache: CachedLookup<string>;
  const load = (key: string) => async () => {
    loads.push(key);
    return `value of ${key}`;
  };
  const missing = new SchemaRegistryError('not there', { code: 'schema_not_found', status: 404 });
  const failing = (error: Error) => async () => {
    loads.push('failing');
    throw error;
  };

  beforeEach(() => {
    loads = [];
    cache = createCachedLookup({ maxEntries: 2, ttlMs: 1_000, missingTtlMs: 100, clock });
  });

  it('remembers an answer until its time is over', async () => {
    expect(await cache.get('a', load('a'))).toBe('value of a');
    await clock.advance(999);
    await cache.get('a', load('a'));
    expect(loads).toEqual(['a']);
    await clock.advance(1);
    await cache.get('a', load('a'));
    expect(loads).toEqual(['a', 'a']);
  });

  it('asks once for all who ask at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => cache.get('a', load('a'))));
    expect(new Set(answers)).toEqual(new Set(['value of a']));
    expect(loads).toEqual(['a']);
  });

  it('forgets a failure: whoever asks next asks again', async () => {
    const both = [cache.get('a', failing(new Error('broken'))), cache.get('a', load('a'))];
    await expect(Promise.all(both)).rejects.toThrow('broken');
    await expect(both[1]).rejects.toThrow('broken');
    expect(await cache.get('a', load('a'))).toBe('value of a');
    expect(loads).toEqual(['failing', 'a']);
  });

  it('remembers for a shorter time that there is nothing', async () => {
    await expect(cache.get('a', failing(missing))).rejects.toBe(missing);
    await clock.advance(99);
    await expect(cache.get('a', load('a'))).rejects.toBe(missing);
    await clock.advance(1);
    expect(await cache.get('a', load('a'))).toBe('value of a');
  });

  it('lets go of the least recently used', async () => {
    await cache.get('a', load('a'));
    await cache.get('b', load('b'));
    await cache.get('a', load('a'));
    await cache.get('c', load('c'));
    await cache.get('a', load('a'));
    await cache.get('b', load('b'));
    expect(loads).toEqual(['a', 'b', 'c', 'b']);
  });

  it('does not remember what was forgotten while it was under way', async () => {
    let arrive = (_: string): void => {};
    const slow = cache.get('a', () => new Promise((resolve) => (arrive = resolve)));
    cache.forget((key) => key === 'a');
    arrive('deleted by now');
    expect(await slow).toBe('deleted by now');
    expect(await cache.get('a', load('a'))).toBe('value of a');
  });

  it('forgets only what it is told to', async () => {
    await cache.get('a', load('a'));
    await cache.get('b', load('b'));
    cache.forget((key) => key === 'a');
    await cache.get('a', load('a'));
    await cache.get('b', load('b'));
    expect(loads).toEqual(['a', 'b', 'a']);
  });

  it('takes any key, __proto__ included', async () => {
    expect(await cache.get('__proto__', load('__proto__'))).toBe('value of __proto__');
    expect(await cache.get('constructor', load('constructor'))).toBe('value of constructor');
    await cache.get('__proto__', load('__proto__'));
    expect(loads).toEqual(['__proto__', 'constructor']);
  });
});
