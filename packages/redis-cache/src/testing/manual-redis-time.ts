import type { Clock } from '@naru/core';
import { redisScript, type ScriptRunner } from '../redis-script.js';

/** The same Redis, but its scripts read the time from a test's clock. Keys still expire by the server's. */
export function withManualTime(redis: ScriptRunner, clock: Clock): ScriptRunner {
  return {
    cluster: redis.cluster,
    scanKeys: (pattern) => redis.scanKeys(pattern),
    runScript(script, keys, args) {
      const microseconds = Math.floor(clock.now() * 1_000);
      const time = `{${Math.floor(microseconds / 1_000_000)}, ${microseconds % 1_000_000}}`;
      return redis.runScript(redisScript(script.lua.replaceAll("redis.call('TIME')", time)), keys, args);
    },
  };
}
