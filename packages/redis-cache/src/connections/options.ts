import { type Logger, silentLogger } from '@naru/core';
import { checkWhole, invalidArgument } from '../redis-cache-error.js';

/** Where one Redis server listens. */
export interface RedisAddress {
  readonly host: string;
  /** Default 6379. */
  readonly port?: number;
}

/** TLS files as text or bytes; an empty object means "TLS with the system's authorities". */
export interface RedisTls {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  /** The name the certificate must carry. Default: the host. */
  readonly servername?: string;
  /** Default true. */
  readonly rejectUnauthorized?: boolean;
}

export interface RedisConnectionOptions {
  /** `redis://` or `rediss://[user:password@]host[:port][/db]`. Default `redis://127.0.0.1:6379`. */
  readonly url?: string;
  /** Start nodes of a Redis Cluster; replaces `url`. */
  readonly cluster?: readonly RedisAddress[];
  /** Sentinels and the name of the master they watch; replaces `url`. */
  readonly sentinel?: {
    readonly addresses: readonly RedisAddress[];
    readonly master: string;
    readonly password?: string;
  };
  /** ACL user; wins over the one in the URL. */
  readonly username?: string;
  /** Wins over the one in the URL. Never logged. */
  readonly password?: string;
  readonly tls?: RedisTls;
  /** How many connections carry commands, 1–32. Default 1: more gained nothing when measured. */
  readonly commandConnections?: number;
  /** Longest wait for the answer to one command, ms. Default 1,000. */
  readonly commandTimeoutMs?: number;
  /** Longest wait for one TCP or TLS connection, ms. Default 2,000. */
  readonly connectTimeoutMs?: number;
  /** Longest `initialize()` waits for every role to be ready, ms. Default 5,000. */
  readonly initializeTimeoutMs?: number;
  /** Shortest and longest pause before a reconnection, ms; jittered, doubling, without an end. Default 50 and 5,000. */
  readonly reconnectMs?: { readonly min?: number; readonly max?: number };
  /** Shown by `CLIENT LIST`. Default `naru`. */
  readonly connectionName?: string;
  /** Default: says nothing. */
  readonly logger?: Logger;
  /** 0 ≤ x < 1, for the jitter. Default `Math.random`. */
  readonly random?: () => number;
}

/** The options with every default filled in and every value checked. */
export interface ResolvedConnectionOptions {
  readonly target:
    | { readonly kind: 'single'; readonly url: string }
    | { readonly kind: 'cluster'; readonly nodes: readonly RedisAddress[] }
    | {
        readonly kind: 'sentinel';
        readonly addresses: readonly RedisAddress[];
        readonly master: string;
        readonly password: string | undefined;
      };
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly tls: RedisTls | undefined;
  readonly commandConnections: number;
  readonly commandTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly initializeTimeoutMs: number;
  readonly reconnectMinMs: number;
  readonly reconnectMaxMs: number;
  readonly connectionName: string;
  readonly logger: Logger;
  readonly random: () => number;
}

function resolveTarget(options: RedisConnectionOptions): ResolvedConnectionOptions['target'] {
  const given = [options.url, options.cluster, options.sentinel].filter((way) => way !== undefined);
  if (given.length > 1)
    throw invalidArgument('url, cluster, sentinel', `${given.length} of three`, 'at most one of them');
  if (options.cluster) {
    if (options.cluster.length === 0) throw invalidArgument('cluster', '[]', 'a list with at least one node');
    return { kind: 'cluster', nodes: options.cluster };
  }
  if (options.sentinel) {
    const { addresses, master, password } = options.sentinel;
    if (addresses.length === 0) throw invalidArgument('sentinel.addresses', '[]', 'a list with at least one sentinel');
    if (!master) throw invalidArgument('sentinel.master', master, 'the name of the watched master');
    return { kind: 'sentinel', addresses, master, password };
  }
  const url = options.url ?? 'redis://127.0.0.1:6379';
  if (!URL.canParse(url) || !['redis:', 'rediss:'].includes(new URL(url).protocol)) {
    // The value may hold a password, so it is not repeated.
    throw invalidArgument('url', 'not such a URL', 'redis://host:port or rediss://host:port');
  }
  return { kind: 'single', url };
}

export function resolveConnectionOptions(options: RedisConnectionOptions): ResolvedConnectionOptions {
  const reconnectMinMs = checkWhole('reconnectMs.min', options.reconnectMs?.min ?? 50, 1, 60_000);
  return {
    target: resolveTarget(options),
    username: options.username,
    password: options.password,
    tls: options.tls,
    commandConnections: checkWhole('commandConnections', options.commandConnections ?? 1, 1, 32),
    commandTimeoutMs: checkWhole('commandTimeoutMs', options.commandTimeoutMs ?? 1_000, 1, 600_000),
    connectTimeoutMs: checkWhole('connectTimeoutMs', options.connectTimeoutMs ?? 2_000, 1, 600_000),
    initializeTimeoutMs: checkWhole('initializeTimeoutMs', options.initializeTimeoutMs ?? 5_000, 1, 600_000),
    reconnectMinMs,
    reconnectMaxMs: checkWhole('reconnectMs.max', options.reconnectMs?.max ?? 5_000, reconnectMinMs, 600_000),
    connectionName: options.connectionName ?? 'naru',
    logger: options.logger ?? silentLogger,
    random: options.random ?? Math.random,
  };
}

/** Where the options point, in words without secrets. */
export function describeTarget(options: ResolvedConnectionOptions): string {
  const list = (addresses: readonly RedisAddress[]): string =>
    addresses.map(({ host, port }) => `${host}:${port ?? 6379}`).join(', ');
  const { target } = options;
  if (target.kind === 'cluster') return `the Redis Cluster at ${list(target.nodes)}`;
  if (target.kind === 'sentinel') return `the master "${target.master}" of the sentinels at ${list(target.addresses)}`;
  const { protocol, hostname, port } = new URL(target.url);
  return `Redis at ${protocol}//${hostname}:${port || 6379}`;
}
