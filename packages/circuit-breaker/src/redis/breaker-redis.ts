/** A Lua script and the digest under which Redis caches it. */
export interface BreakerScript {
  readonly lua: string;
  readonly sha1: string;
}

/**
 * What the store asks of Redis. The `RedisConnectionManager` of `@naru/redis-cache` offers it, and so does
 * `connectBreakerRedis`. Calls must fail within seconds while the server is away, not wait for it.
 */
export interface BreakerRedis {
  /** Runs the script atomically. */
  runScript(script: BreakerScript, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
  /** Keys that match the glob, from every node of a cluster. */
  scanKeys(pattern: string): AsyncIterable<string>;
  /** Hears a channel until the answer is called, also after reconnections. */
  subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>>;
  /** Called after a reconnection, when messages may have been missed. The answer ends it. */
  onReconnected(listener: () => void): () => void;
}
