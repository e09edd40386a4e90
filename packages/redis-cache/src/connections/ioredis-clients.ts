import { keepStringsFast } from '@naru/core';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisAddress, ResolvedConnectionOptions } from './options.js';

// ioredis declares a class that extends `String`.
keepStringsFast();

/** A client of one server (or of the master that sentinels name) or of a whole cluster. */
export type RedisClient = Redis | Cluster;

/** What a connection is for; roles never share a connection, because a subscribed or a blocked one serves nobody else. */
export type ConnectionRole = 'command' | 'subscriber' | 'blocking';

/** How long to wait before the attempt of this number, from 1: doubling, jittered, bounded; ms. */
export function reconnectDelay(options: ResolvedConnectionOptions, attempt: number): number {
  const ceiling = Math.min(options.reconnectMaxMs, options.reconnectMinMs * 2 ** Math.min(attempt, 20));
  return options.reconnectMinMs + options.random() * (ceiling - options.reconnectMinMs);
}

/** Builds clients that do not connect until told to. Everything this package knows about ioredis is in this file. */
export function createClient(options: ResolvedConnectionOptions, role: ConnectionRole): RedisClient {
  const retry = (attempt: number): number => reconnectDelay(options, attempt);
  const common = {
    lazyConnect: true,
    connectionName: `${options.connectionName}:${role}`,
    connectTimeout: options.connectTimeoutMs,
    // Fail fast: a command against a dead server is an answer now, not a promise that waits for minutes,
    // and a command whose answer was lost is never run a second time behind the caller's back.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    // A frozen or vanished server closes nothing: a connection that stays silent is left, to look for another master.
    ...(role === 'blocking'
      ? {}
      : { commandTimeout: options.commandTimeoutMs, socketTimeout: 3 * options.commandTimeoutMs }),
    // The manager subscribes again itself, so that a subscription made while Redis was away is not forgotten.
    autoResubscribe: false,
    // After a failover the old master answers READONLY: reconnect to find the new one, then resend what it refused.
    reconnectOnError: (error: Error) => (error.message.startsWith('READONLY') ? 2 : false),
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.password === undefined ? {} : { password: options.password }),
    ...(options.tls === undefined ? {} : { tls: { ...options.tls } }),
  } satisfies RedisOptions;
  const { target } = options;
  switch (target.kind) {
    case 'single':
      return new Redis(target.url, { ...common, retryStrategy: retry });
    case 'sentinel':
      return new Redis({
        ...common,
        retryStrategy: retry,
        sentinelRetryStrategy: retry,
        sentinels: target.addresses.map(withPort),
        name: target.master,
        sentinelCommandTimeout: options.connectTimeoutMs,
        // A subscriber waits for nothing, so only the sentinels can tell it that its master is not the master any more.
        failoverDetector: true,
        ...(target.password === undefined ? {} : { sentinelPassword: target.password }),
      });
    case 'cluster': {
      const { enableOfflineQueue, ...redisOptions } = common;
      return new Cluster(target.nodes.map(withPort), {
        lazyConnect: true,
        enableOfflineQueue,
        clusterRetryStrategy: retry,
        slotsRefreshTimeout: options.connectTimeoutMs,
        // So that a subscriber leaves a node that the cluster gave up, though that node never closed its connection.
        slotsRefreshInterval: 5_000,
        redisOptions,
      });
    }
  }
}

const withPort = ({ host, port }: RedisAddress): { host: string; port: number } => ({ host, port: port ?? 6379 });

/** The servers behind a client that hold keys of their own. */
export function keyNodes(client: RedisClient): readonly Redis[] {
  return client instanceof Cluster ? client.nodes('master') : [client];
}

// More at a time would let the server wait for the last of them, when it could work on the first already.
const commandsPerWrite = 32;
const gathered = new WeakMap<object, number>();

/**
 * Called before each of many commands: those of one turn leave in few writes, for a write costs the system as much as a
 * command costs us. Nothing waits longer than until the turn ends. A cluster's nodes are left alone.
 */
export function gatherWrites(client: RedisClient): void {
  if (client instanceof Cluster) return;
  const { stream } = client;
  const before = gathered.get(stream) ?? 0;
  gathered.set(stream, before + 1);
  if (before === 0) {
    stream.cork();
    process.nextTick(() => {
      gathered.delete(stream);
      stream.uncork();
    });
  } else if (before % commandsPerWrite === 0) {
    stream.uncork();
    stream.cork();
  }
}
