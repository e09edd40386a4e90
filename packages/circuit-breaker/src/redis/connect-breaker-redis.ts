import { keepStringsFast } from '@naru/core';
import { Cluster, Redis } from 'ioredis';
import { CircuitBreakerError, checkWhole, invalidArgument } from '../circuit-breaker-error.js';
import type { BreakerRedis } from './breaker-redis.js';

// ioredis declares a class that extends `String`.
keepStringsFast();

export interface BreakerRedisOptions {
  /** `redis://` or `rediss://[user:password@]host[:port][/db]`. */
  readonly url?: string;
  /** Start nodes of a Redis Cluster, instead of `url`. */
  readonly cluster?: readonly { readonly host: string; readonly port: number }[];
  /** Sentinels, and the name under which they know the master, instead of `url`. */
  readonly sentinel?: {
    readonly addresses: readonly { readonly host: string; readonly port: number }[];
    readonly master: string;
  };
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
  const commandTimeout = checkWhole('commandTimeoutMs', options.commandTimeoutMs ?? 1_000, 1, 600_000);
  const retryStrategy = (times: number): number => Math.min(50 * 2 ** times, 5_000) * (0.5 + Math.random() / 2);
  const settings = {
    lazyConnect: true,
    connectTimeout,
    commandTimeout,
    // A frozen or vanished server closes nothing: a connection that stays silent is left, to look for another master.
    socketTimeout: 3 * commandTimeout,
    // The breaker decides what to do without its store; waiting for it is the one thing it must not do.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResubscribe: false,
    // After a failover the old master answers READONLY: reconnect to find the new one, then resend what it refused.
    reconnectOnError: (error: Error) => (error.message.startsWith('READONLY') ? 2 : false),
  } as const;
  const { url, cluster, sentinel } = options;
  const given = [url, cluster, sentinel].filter((way) => way !== undefined).length;
  if (given !== 1) throw invalidArgument('url, cluster, sentinel', `${given} of three`, 'exactly one of them');
  const open = (role: string): Redis | Cluster => {
    const connectionName = `naru-breaker:${role}`;
    if (url !== undefined) return new Redis(url, { ...settings, connectionName, retryStrategy });
    if (sentinel) {
      return new Redis({
        ...settings,
        connectionName,
        retryStrategy,
        sentinelRetryStrategy: retryStrategy,
        sentinelCommandTimeout: connectTimeout,
        sentinels: [...sentinel.addresses],
        name: sentinel.master,
        // A subscriber waits for nothing, so only the sentinels can tell it that its master is not the master any more.
        failoverDetector: true,
      });
    }
    return new Cluster([...cluster!], {
      lazyConnect: true,
      enableOfflineQueue: false,
      clusterRetryStrategy: retryStrategy,
      // So that a subscriber leaves a node that the cluster gave up, though that node never closed its connection.
      slotsRefreshInterval: 5_000,
      redisOptions: { ...settings, connectionName },
    });
  };
  const commands = open('command');
  const subscriber = open('subscriber');
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
  let closed = false;
  const close = async (): Promise<void> => {
    closed = true;
    commands.disconnect();
    subscriber.disconnect();
  };
  try {
    // Sentinels and clusters are asked again and again otherwise, for ever.
    await within(connectTimeout, Promise.all([commands.connect(), subscriber.connect()]), 'no answer in time');
  } catch (error) {
    await close();
    const nodes = cluster ??
      sentinel?.addresses ?? [{ host: new URL(url!).hostname, port: Number(new URL(url!).port || 6379) }];
    throw new CircuitBreakerError(
      `Redis at ${nodes.map(({ host, port }) => `${host}:${port}`).join(', ')} cannot be reached (${describe(lastError ?? error)}). Start it or correct the address.`,
      { code: 'store_unavailable', retryable: true, cause: lastError ?? error },
    );
  }
  for (const client of [commands, subscriber]) {
    // ioredis gives a connection up for good when sentinels name a new master while it is being renewed; we do not.
    const takeUpAgain = (): void => {
      if (!closed && client.status === 'end') client.connect().catch(() => {});
    };
    client.on('end', () => {
      if (!closed) setTimeout(takeUpAgain, retryStrategy(1));
    });
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
      const run = async (): Promise<unknown> => {
        try {
          return await commands.evalsha(script.sha1, keys.length, ...keys, ...args);
        } catch (error) {
          // NOSCRIPT is answered before anything ran, so sending the source cannot run it twice.
          if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
          return await commands.eval(script.lua, keys.length, ...keys, ...args);
        }
      };
      // One call may be two commands, and in a cluster several attempts, each with a timeout of its own.
      return await within(commandTimeout, run(), 'Command timed out');
    },
    async *scanKeys(pattern) {
      for (const node of commands instanceof Cluster ? commands.nodes('master') : [commands]) {
        const stream = node.scanStream({ match: pattern, count: 500 }) as AsyncIterable<string[]>;
        for await (const keys of stream) yield* keys;
      }
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

async function within<T>(timeoutMs: number, work: Promise<T>, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
