import { describe, expect, test } from 'vitest';
import { startNaru } from './run-naru.js';
import { startSilentServer } from './silent-server.js';

/** Runs the command until it has reached a server that never helps it, then signals. */
async function interruptWhileItWaits(
  argsFor: (address: string) => { readonly args: readonly string[]; readonly env?: NodeJS.ProcessEnv },
  signal: NodeJS.Signals,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  await using server = await startSilentServer();
  const { args, env } = argsFor(server.address);
  const naru = startNaru(args, env ? { env } : {});
  await server.reached;
  naru.child.kill(signal);
  return await naru.ended;
}

describe.each(['SIGINT', 'SIGTERM'] as const)('%s while a server never answers', { timeout: 60_000 }, (signal) => {
  test('ends a start of the gateway at once, with exit code 0', async () => {
    const operations = { NARU_OPERATIONS_PORT: '0' };
    const [kafka, redis, registry] = await Promise.all([
      interruptWhileItWaits((address) => ({ args: ['run'], env: { ...operations, KAFKA_BROKERS: address } }), signal),
      interruptWhileItWaits((at) => ({ args: ['run'], env: { ...operations, REDIS_URL: `redis://${at}` } }), signal),
      interruptWhileItWaits(
        (address) => ({ args: ['run'], env: { ...operations, SCHEMA_REGISTRY_URL: `http://${address}` } }),
        signal,
      ),
    ]);
    for (const { code, stdout, stderr } of [kafka, redis, registry]) {
      expect(code, stderr).toBe(0);
      expect(stderr).toContain('stopped before it was ready');
      expect(stdout).toBe('');
    }
  });

  test('ends a command that waits for it at once, with a word and exit code 130', async () => {
    const ended = await Promise.all(
      [
        ['check'],
        ['connect', 'upbit', 'trade', 'KRW-BTC', '--json'],
        ['tap', 'realtime.trade.korea', '--registry', 'http://127.0.0.1:1'],
        ['dlq', 'ls'],
        ['load', '--rate', '100', '--seconds', '1'],
      ].map((args) => interruptWhileItWaits((address) => ({ args, env: { KAFKA_BROKERS: address } }), signal)),
    );
    const redis = await interruptWhileItWaits(
      (at) => ({ args: ['breaker', 'watch', '--redis', `redis://${at}`] }),
      signal,
    );
    for (const { code, stdout, stderr } of [...ended, redis]) {
      expect(code, stderr).toBe(130);
      expect(stdout).toBe('');
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(stderr).toMatch(/Interrupted before it was done\.|Interrupted; what was started is stopped\./);
    }
    expect(JSON.parse(ended[1]!.stderr).error).toMatchObject({ code: 'interrupted', exit_code: 130 });
  });
});
