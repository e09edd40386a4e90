import type { Benchmark } from '../harness/benchmark.js';
import { packageVersion } from '../harness/package-version.js';
import { measureCalls } from './calls.js';
import { findRedis } from './redis-server.js';
import { measureScripts } from './scripts.js';

export const redisBenchmark: Benchmark = {
  description: 'circuit breaker beside cockatiel and opossum; cache and lease scripts beside redis-benchmark',
  async run(context) {
    const redis = await findRedis();
    try {
      const calls = await measureCalls(context, `redis://${redis.host}:${redis.port}`);
      const scripts = await measureScripts(context, redis);
      return {
        versions: {
          redis: redis.description,
          cockatiel: packageVersion('cockatiel') ?? 'unknown',
          opossum: packageVersion('opossum') ?? 'unknown',
          ioredis: packageVersion('ioredis') ?? 'unknown',
        },
        results: [...calls, ...scripts],
      };
    } finally {
      await redis.close();
    }
  },
};
