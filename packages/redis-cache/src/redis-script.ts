import { createHash } from 'node:crypto';

/** A Lua script with the digest under which Redis caches it. */
export interface RedisScript {
  readonly lua: string;
  readonly sha1: string;
}

/** @param lua source; every key it touches must be passed in KEYS and share one hash tag. */
export function redisScript(lua: string): RedisScript {
  return { lua, sha1: createHash('sha1').update(lua).digest('hex') };
}

/** The part of a manager that caches and leases ask for. */
export interface ScriptRunner {
  /** True when the server is a Redis Cluster, where the keys of one script need a common hash tag. */
  readonly cluster: boolean;
  /** Runs the script atomically; rejects with a `RedisCacheError`. */
  runScript(script: RedisScript, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
  /** Keys that match the glob, from every node, in no order; each at most once. */
  scanKeys(pattern: string): AsyncIterable<string>;
}
