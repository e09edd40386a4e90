import { describeReal, redisDatabase } from '@naru/test-services';
import { Command } from 'commander';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { connectBreakerRedis, type OwnBreakerRedis } from '../redis/connect-breaker-redis.js';
import { createRedisBreakerStore } from '../redis/redis-breaker-store.js';
import { freshCircuit } from '../stores/circuit-snapshot.js';
import { createBreakerCommand } from './breaker-command.js';
import { describeCircuits } from './describe-circuit.js';

test('shows circuits in columns and lets no control character through', () => {
  const open = { ...freshCircuit, state: 'open' as const, ageMs: 5_000, retryAfterMs: 55_000, attempt: 1 };
  const halfOpen = { ...freshCircuit, state: 'half-open' as const, ageMs: 130_000, succeeded: 1, probing: 2 };
  const held = {
    ...freshCircuit,
    mode: 'forced-open' as const,
    ageMs: 8_000_000,
    reason: 'a\u001b[2Jb',
    author: 'kim',
  };
  expect(
    describeCircuits([
      ['x', open],
      ['a/long/name', halfOpen],
      ['y', held],
      ['z', { ...open, retryAfterMs: 0 }],
    ]),
  ).toEqual([
    'CIRCUIT      STATE      FOR  MODE         NEXT PROBE  ATTEMPT  PROBES             NOTE',
    'x            open       5s   automatic    55s         1        -                  -',
    'a/long/name  half-open  2m   automatic    -           0        1 ok, 2 under way  -',
    'y            closed     2h   forced-open  -           0        -                  a?[2Jb (kim)',
    'z            open       5s   automatic    now         1        -                  -',
  ]);
});

test('says what is wrong when Redis is not there', async () => {
  const command = createBreakerCommand({ redisUrl: 'redis://127.0.0.1:1', write: () => {} });
  await expect(command.parseAsync(['status'], { from: 'user' })).rejects.toMatchObject({ code: 'store_unavailable' });
});

test('every command below explains itself with an example and the options of the whole', () => {
  const program = new Command('naru').addCommand(createBreakerCommand({ name: 'breaker' }));
  for (const own of program.commands[0]!.commands) {
    let shown = '';
    own.configureOutput({ writeOut: (text) => (shown += text) }).outputHelp();
    expect(shown).toContain(`\nExample:\n  naru breaker ${own.name()} `);
    expect(shown).toMatch(/--redis <url>/);
  }
});

describeReal('naru-breaker on Redis', ['redis'], () => {
  const url = redisDatabase(8);
  let direct: Redis;
  let redis: OwnBreakerRedis;

  beforeAll(async () => {
    direct = new Redis(url);
    redis = await connectBreakerRedis({ url });
  });
  afterAll(async () => {
    direct.disconnect();
    await redis.close();
  });
  beforeEach(async () => void (await direct.flushdb()));

  async function run(...args: string[]): Promise<string[]> {
    const lines: string[] = [];
    await createBreakerCommand({ redisUrl: url, write: (line) => lines.push(line) }).parseAsync(args, { from: 'user' });
    return lines;
  }

  test('opens, closes and resets, with reason and author', async () => {
    expect(await run('status')).toEqual(['No circuit is stored: all are closed.']);
    expect((await run('open', 'upbit/korea/ticker', '--reason', 'maintenance', '--author', 'kim'))[1]).toMatch(
      /^upbit\/korea\/ticker +closed +- +forced-open .* maintenance \(kim\)$/,
    );
    expect((await run('close', 'upbit/korea/ticker'))[1]).toContain('forced-closed');
    expect((await run('reset', 'upbit/korea/ticker'))[1]).toContain('automatic');
    expect(await run('status')).toHaveLength(2);
    expect(await run('status', 'a', 'b')).toHaveLength(3);
  });

  test('prints one JSON object for each circuit', async () => {
    await run('open', 'b');
    await run('open', 'a', '--reason', 'r');
    const lines = (await run('--json', 'status')).map((line) => JSON.parse(line) as unknown);
    expect(lines).toMatchObject([
      { name: 'a', state: 'closed', mode: 'forced-open', reason: 'r' },
      { name: 'b', mode: 'forced-open' },
    ]);
  });

  test('watches circuits, also those that come into being', async () => {
    const store = createRedisBreakerStore({ redis });
    const lines: string[] = [];
    const stop = new AbortController();
    const watching = createBreakerCommand({
      redisUrl: url,
      write: (line) => lines.push(line),
      signal: stop.signal,
    }).parseAsync(['--json', 'watch'], { from: 'user' });
    const modes = (): unknown[] => lines.map((line) => (JSON.parse(line) as { mode: unknown }).mode);
    await store.setMode('late', { mode: 'disabled' });
    await expect.poll(modes, { timeout: 5_000 }).toEqual(['disabled']);
    await store.setMode('late', { mode: 'forced-open' });
    await expect.poll(modes).toEqual(['disabled', 'forced-open']);
    stop.abort();
    await watching;
  });
});
