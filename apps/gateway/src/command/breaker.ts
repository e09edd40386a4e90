import { userInfo } from 'node:os';
import { createBreakerCommand } from '@naru/circuit-breaker/command';
import { createRedisConnectionManager } from '@naru/redis-cache';
import type { Command } from 'commander';
import { redisOptions } from '../composition/server-options.js';
import { readConfig } from '../config/read-config.js';
import { examples } from './examples.js';

/** The command of the circuit breaker's own package, on the Redis of the gateway's configuration. */
export function breakerCommand(): Command {
  return createBreakerCommand({
    name: 'breaker',
    redisUrl: process.env.REDIS_URL || 'redis://127.0.0.1:6379',
    author: userName(),
    async connect(url) {
      const config = readConfig({ environment: { ...process.env, REDIS_URL: url } });
      const redis = createRedisConnectionManager(redisOptions(config));
      try {
        await redis.initialize();
      } catch (error) {
        await redis.close();
        throw error;
      }
      return redis;
    },
  }).addHelpText(
    'after',
    examples(
      'naru breaker status',
      'naru breaker open upbit/korea/trade --reason maintenance',
      'naru breaker reset upbit/korea/trade',
    ),
  );
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a user without a name.
    return 'unknown';
  }
}
