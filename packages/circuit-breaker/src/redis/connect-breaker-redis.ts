import { Redis } from 'ioredis';
import { CircuitBreakerError, checkWhole } from '../circuit-breaker-error.js';
import type { BreakerRedis } from './breaker-redis.js';

export interface BreakerRedisOptions {
  /** `redis://` or `rediss://[user:password@]host[:port][/db]`. */
  readonly url: string;
  /** Longest wait for an answer, ms. Default 1,000. */
  readonly commandTimeoutMs?: number;
  /** Longest wait for the first connection, ms. Default 5,000. */
  readonly connectTimeoutMs?: number;
}

/** Two connections to one Redis, for those who use the breaker without `@naru/redis-cache`. */
export interface OwnBreakerRedis extends BreakerRedis, AsyncDisposable {
  close(): Promise<void>;
}

/** Connects and waits until both connections are ready; rejects with `store_unavailable` otherwise. */
export async function connectBreakerRedis(options: BreakerRedisOptions): Promise<OwnBreakerRedis> {
  const connectTimeout = checkWhole('connectTimeoutMs', options.connectTimeoutMs ?? 5_000, 1, 600_000);
  const settings = {
    lazyConnect: true,
    connectTimeout,
    commandTimeout: checkWhole('commandTimeoutMs', options.commandTimeoutMs ?? 1_000, 1, 600_000),
    // The breaker decides what to do without its store; waiting for it is the one thing it must not do.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResubscribe: false,
    retryStrategy: (times: number) => Math.min(50 * 2 ** times, 5_000) * (0.5 + Math.random() / 2),
  };
  const commands = new Redis(options.url, { ...settings, connectionName: 'naru-breaker:command' });
  const subscriber = new Redis(options.url, { ...settings, connectionName: 'naru-breaker:subscriber' });
  const listeners = new Map<string, Set<(message: string) => void>>();
  const reconnected = new Set<() => void>();
  let lastError: unknown;
  for (const client of [commands, subscriber]) {
    client.on('error', (error) => {
      lastError = error;
    });
  }
  subscriber.on('message', (channel: string, message: string) => {
    for (const listener of listeners.get(channel) ?? []) listener(message);
  });
  const close = async (): Promise<void> => {
    commands.disconnect();
    subscriber.disconnect();
  };
  try {
    await Promise.all([commands.connect(), subscriber.connect()]);
  } catch (error) {
    await close();
    const { host, port } = commands.options;
    throw new CircuitBreakerError(
      `Redis at ${host}:${port} cannot be reached (${describe(lastError ?? error)}). Start it or correct the address.`,
      { code: 'store_unavailable', retryable: true, cause: lastError ?? error },
    );
  }
  subscriber.on('ready', () => {
    const again = listeners.size > 0 ? subscriber.subscribe(...listeners.keys()) : Promise.resolve();
    again.then(
      () => {
        for (const listener of reconnected) listener();
      },
      () => {},
    );
  });

  return {
    async runScript(script, keys, args) {
      try {
        return await commands.evalsha(script.sha1, keys.length, ...keys, ...args);
      } catch (error) {
        // NOSCRIPT is answered before anything ran, so sending the source cannot run it twice.
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return await commands.eval(script.lua, keys.length, ...keys, ...args);
      }
    },
    async *scanKeys(pattern) {
      const stream = commands.scanStream({ match: pattern, count: 500 }) as AsyncIterable<string[]>;
      for await (const keys of stream) yield* keys;
    },
    async subscribe(channel, listener) {
      const known = listeners.get(channel);
      if (known) known.add(listener);
      else {
        listeners.set(channel, new Set([listener]));
        // While the connection is away, the next one subscribes.
        if (subscriber.status === 'ready') await subscriber.subscribe(channel);
      }
      return async () => {
        const set = listeners.get(channel);
        if (!set?.delete(listener) || set.size > 0) return;
        listeners.delete(channel);
        if (subscriber.status === 'ready') await subscriber.unsubscribe(channel);
      };
    },
    onReconnected(listener) {
      reconnected.add(listener);
      return () => void reconnected.delete(listener);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));
