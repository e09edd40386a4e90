import { createHash } from 'node:crypto';
import type { Clock } from '@naru/core';
import type { BreakerRedis } from '../redis/breaker-redis.js';

/** The same Redis, but its scripts read the time from a test's clock. Keys still expire by the server's. */
export function withManualTime(redis: BreakerRedis, clock: Clock): BreakerRedis {
  return {
    scanKeys: (pattern) => redis.scanKeys(pattern),
    subscribe: (channel, listener) => redis.subscribe(channel, listener),
    onReconnected: (listener) => redis.onReconnected(listener),
    runScript(script, keys, args) {
      const microseconds = Math.floor(clock.now() * 1_000);
      const time = `{${Math.floor(microseconds / 1_000_000)}, ${microseconds % 1_000_000}}`;
      const lua = script.lua.replaceAll("redis.call('TIME')", time);
      return redis.runScript({ lua, sha1: createHash('sha1').update(lua).digest('hex') }, keys, args);
    },
  };
}
