import { userInfo } from 'node:os';
import { createBreakerCommand } from '@naru/circuit-breaker/command';
import { createRedisConnectionManager } from '@naru/redis-cache';
import type { Command } from 'commander';
import { redisOptions } from '../../composition/server-options.js';
import type { Interruption } from '../ending/interruption.js';
import { readOptedConfig, withConfigOption } from '../options/client-options.js';
import { examples } from '../options/examples.js';

/** Stands for the configured address in help texts, which must not show the password of a URL. */
const configured = 'of REDIS_URL';
const localRedis = 'redis://127.0.0.1:6379';

/** The command of the circuit breaker's own package, on the Redis of the gateway's configuration. */
export function breakerCommand(interruption: Interruption): Command {
  const command = createBreakerCommand({
    name: 'breaker',
    redisUrl: configured,
    author: userName(),
    signal: interruption.signal,
    async connect(url) {
      const { config: file } = command.opts<{ readonly config?: string }>();
      const own = readOptedConfig({ ...(file && { config: file }), ...(url !== configured && { redis: url }) });
      const redisUrl = own.redis.url === 'memory' ? localRedis : own.redis.url;
      const redis = createRedisConnectionManager(redisOptions({ ...own, redis: { ...own.redis, url: redisUrl } }));
      try {
        await redis.initialize();
      } catch (error) {
        await redis.close();
        throw error;
      }
      // Being interrupted is how watching ends, once it has begun; the others are done in a moment.
      interruption.take();
      return redis;
    },
  });
  return withConfigOption(command).addHelpText(
    'after',
    examples(
      'naru breaker status',
      'naru breaker open upbit/korea/trade --reason maintenance',
      'naru breaker reset upbit/korea/trade --config gateway.yaml',
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
