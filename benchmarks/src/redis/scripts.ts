import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  createLeaseStore,
  createRedisConnectionManager,
  type RedisConnectionManager,
  type RedisScript,
  WebsocketConnectionCache,
} from '@naru/redis-cache';
import type { BenchmarkContext, BenchmarkResult } from '../harness/benchmark.js';
import { alternate, median, percentile, spreadOf } from '../harness/rounds.js';
import type { BenchmarkRedis } from './redis-server.js';

const inFlight = 100;
const requests = 30_000;
const symbols = Array.from({ length: 20 }, (_, at) => `KRW-S${at}`);
const scopes = Array.from({ length: 1_000 }, (_, at) => ({
  exchange: `x${at}`,
  region: 'asia',
  request_type: 'ticker',
}));

/** One script as it goes over the wire. */
interface Sent {
  readonly script: RedisScript;
  readonly keys: readonly string[];
  readonly args: readonly (string | number)[];
}

/** What our script calls reach beside redis-benchmark with the same scripts, keys and arguments; and their latency. */
export async function measureScripts(context: BenchmarkContext, redis: BenchmarkRedis): Promise<BenchmarkResult[]> {
  await using manager = createRedisConnectionManager({
    url: `redis://${redis.host}:${redis.port}`,
    commandTimeoutMs: 30_000,
  });
  await manager.initialize();
  const cache = new WebsocketConnectionCache(manager);
  const leases = createLeaseStore({ redis: manager });
  const scope = scopes[0]!;
  await cache.setConnectionSpec(scope, { url: 'wss://h/', symbols });

  const results: BenchmarkResult[] = [];
  for (const [name, call] of [
    ['lease acquire', () => leases.acquire(scope, 'owner', 10_000)],
    ['replacing 20 symbols', () => cache.replaceSymbols(scope, symbols)],
  ] as const) {
    const sent = await capture(manager, () => call());
    const rounds = await alternate<number>(
      context.rounds,
      { ours: () => rateOf(call), redisBenchmark: () => redisBenchmark(redis, sent) },
      (round, who, rate) => context.progress(`${name}, round ${round + 1}, ${who}: ${Math.round(rate ?? 0)}/s`),
    );
    const ours = median(rounds.ours!)!;
    const peer = median(rounds.redisBenchmark!);
    results.push({
      name,
      unit: 'calls/s',
      ours,
      spread: spreadOf(rounds.ours!)!,
      peers: { 'redis-benchmark, same script': peer },
      goal: "≥ 70 % of redis-benchmark's rate",
      met: peer === null ? null : ours >= 0.7 * peer,
    });
  }

  for (const scopeOf of scopes) await cache.setConnectionSpec(scopeOf, { url: 'wss://h/', symbols: ['KRW-BTC'] });
  results.push(await measureBurst(context, redis, manager, cache));
  results.push(await measureExpiry(manager));
  return results;
}

const burstRounds = 40;

/**
 * A thousand updates at once, as after a reconnection. A process that has just started takes several times as long for
 * the first ones, whatever it does; so the first rounds are told apart. redis-benchmark's thousand clients send as much at once.
 */
async function measureBurst(
  context: BenchmarkContext,
  redis: BenchmarkRedis,
  manager: RedisConnectionManager,
  cache: WebsocketConnectionCache,
): Promise<BenchmarkResult> {
  const burst = async (): Promise<number> => {
    const latencies = await Promise.all(
      scopes.map(async (scope) => {
        const begun = performance.now();
        await cache.updateState(scope, { status: 'connected' });
        return performance.now() - begun;
      }),
    );
    return percentile(latencies, 0.99);
  };
  const first = await burst();
  for (let round = 0; round < burstRounds / 2; round++) await burst();
  const p99s: number[] = [];
  for (let round = 0; round < burstRounds; round++) p99s.push(await burst());
  const p99 = median(p99s)!;
  context.progress(
    `1,000 updates at once: p99 ${p99.toFixed(1)} ms, best ${Math.min(...p99s).toFixed(1)}, first ${first.toFixed(1)}`,
  );
  const sent = await capture(manager, () => cache.updateState(scopes[0]!, { status: 'connected' }));
  return {
    name: '1,000 state updates at once, p99',
    unit: 'ms',
    ours: p99,
    spread: spreadOf(p99s)!,
    peers: {
      'best round': Math.min(...p99s),
      'first round of the process': first,
      'redis-benchmark, 1,000 clients': await redisBenchmarkP99(redis, sent, 1_000),
    },
    goal: '< 15 ms',
    met: p99 < 15,
  };
}

/** The script calls that `work` makes, as a manager would send them. */
async function capture(manager: RedisConnectionManager, work: () => Promise<unknown>): Promise<Sent> {
  const sent: Sent[] = [];
  const { runScript } = manager;
  manager.runScript = (script, keys, args) => {
    sent.push({ script, keys, args });
    return runScript.call(manager, script, keys, args);
  };
  try {
    await work();
  } finally {
    manager.runScript = runScript;
  }
  return sent[0]!;
}

async function rateOf(call: () => Promise<unknown>): Promise<number> {
  let left = requests;
  const lane = async (): Promise<void> => {
    while (left-- > 0) await call();
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: inFlight }, lane));
  return (requests * 1_000) / (performance.now() - begun);
}

/** The last line of redis-benchmark's table: rate, then average, min, p50, p95, p99 and max in ms. */
async function runRedisBenchmark(
  { host, port }: BenchmarkRedis,
  { script, keys, args }: Sent,
  clients: number,
): Promise<readonly number[]> {
  const command = ['evalsha', script.sha1, String(keys.length), ...keys, ...args.map(String)];
  const settings = ['-h', host, '-p', String(port), '-c', String(clients), '-n', String(requests), '--csv'];
  try {
    const { stdout } = await promisify(execFile)('redis-benchmark', [...settings, ...command]);
    const line = stdout.trim().split('\n').at(-1) ?? '';
    return [...line.matchAll(/,"([\d.]+)"/g)].map(([, figure]) => Number(figure));
  } catch {
    return [];
  }
}

async function redisBenchmark(redis: BenchmarkRedis, sent: Sent): Promise<number | null> {
  return (await runRedisBenchmark(redis, sent, inFlight))[0] ?? null;
}

async function redisBenchmarkP99(redis: BenchmarkRedis, sent: Sent, clients: number): Promise<number | null> {
  return (await runRedisBenchmark(redis, sent, clients))[5] ?? null;
}

/** How far from its time an entry goes, looked at without a pause until it is gone. */
async function measureExpiry(manager: RedisConnectionManager): Promise<BenchmarkResult> {
  const cache = new WebsocketConnectionCache(manager, { ttlSeconds: 2 });
  const errors: number[] = [];
  for (const scope of scopes.slice(0, 3)) {
    await cache.setConnectionSpec(scope, { url: 'wss://h/', symbols: ['KRW-BTC'] });
    const written = performance.now();
    while (await cache.getConnectionSpec(scope)) {}
    errors.push(Math.abs(performance.now() - written - 2_000));
  }
  const worst = Math.max(...errors);
  return {
    name: 'expiry, farthest from its time',
    unit: 'ms',
    ours: worst,
    peers: {},
    goal: '≤ 1,000 ms',
    met: worst <= 1_000,
  };
}
