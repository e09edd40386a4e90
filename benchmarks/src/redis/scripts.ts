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
import { alternate, median, percentile } from '../harness/rounds.js';
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
      peers: { 'redis-benchmark, same script': peer },
      goal: "≥ 70 % of redis-benchmark's rate",
      met: peer === null ? null : ours >= 0.7 * peer,
    });
  }

  for (const scopeOf of scopes) await cache.setConnectionSpec(scopeOf, { url: 'wss://h/', symbols: ['KRW-BTC'] });
  const p99s: number[] = [];
  for (let round = 0; round < Math.max(3, context.rounds); round++) {
    const latencies = await Promise.all(
      scopes.map(async (scopeOf) => {
        const begun = performance.now();
        await cache.updateState(scopeOf, { status: 'connected' });
        return performance.now() - begun;
      }),
    );
    p99s.push(percentile(latencies, 0.99));
    context.progress(`1,000 updates at once, round ${round + 1}: p99 ${p99s.at(-1)!.toFixed(1)} ms`);
  }
  const p99 = median(p99s)!;
  results.push({
    name: '1,000 state updates at once, p99',
    unit: 'ms',
    ours: p99,
    peers: {},
    goal: '< 15 ms',
    met: p99 < 15,
  });
  results.push(await measureExpiry(manager));
  return results;
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

async function redisBenchmark({ host, port }: BenchmarkRedis, { script, keys, args }: Sent): Promise<number | null> {
  const command = ['evalsha', script.sha1, String(keys.length), ...keys, ...args.map(String)];
  const settings = ['-h', host, '-p', String(port), '-c', String(inFlight), '-n', String(requests), '--csv'];
  try {
    const { stdout } = await promisify(execFile)('redis-benchmark', [...settings, ...command]);
    const rate = Number(/,"([\d.]+)"/.exec(stdout.trim().split('\n').at(-1) ?? '')?.[1]);
    return Number.isFinite(rate) ? rate : null;
  } catch {
    return null;
  }
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
