import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describeReal, realServices } from '@naru/test-services';
import { describe, expect, test } from 'vitest';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
/** The last line of `naru dev --json`, as far as it is looked at here. */
interface Outcome {
  readonly received: number;
  readonly acknowledged: number;
  readonly conflated: number;
  readonly dropped: number;
  readonly buffered: number;
  readonly first_tick_ms: number;
  readonly streams: readonly { readonly stream: string; readonly acknowledged: number }[];
}

const addresses = ['KAFKA_BROKERS', 'SCHEMA_REGISTRY_URL', 'REDIS_URL'] as const;

function firstRun(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

function expectWholeRun({ code, stdout, stderr }: Awaited<ReturnType<typeof firstRun>>, mode: string): void {
  expect(stderr).toContain('Stopped cleanly');
  expect(code).toBe(0);
  const outcome = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Outcome;
  expect(outcome).toMatchObject({ mode, dropped: 0, buffered: 0 });
  expect(outcome.acknowledged).toBeGreaterThan(100);
  expect(outcome.received).toBe(outcome.acknowledged + outcome.conflated + outcome.dropped + outcome.buffered);
  expect(outcome.streams.map(({ stream }) => stream).sort()).toEqual(['binance/asia/ticker', 'upbit/korea/trade']);
  for (const { acknowledged } of outcome.streams) expect(acknowledged).toBeGreaterThan(0);
  expect(outcome.first_tick_ms).toBeGreaterThan(0);
}

describe('the first run', () => {
  const embedded = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !addresses.some((address) => address === name)),
  );

  test('embedded, it runs, stops cleanly and accounts for every tick on its last line', async () => {
    expectWholeRun(await firstRun(['--for', '3', '--json', '--rate', '500'], embedded), 'embedded');
  });

  test('a kind that no exchange has is told before anything is opened', async () => {
    const { code, stderr } = await firstRun(['--for', '1', '--live', 'upbit:candle:KRW-BTC'], embedded);
    expect(code).toBe(2);
    expect(stderr).toContain('upbit:candle is not supported');
  });

  test('a wrong option ends it with what is right', async () => {
    const { code, stderr } = await firstRun(['--for', 'ever'], embedded);
    expect(code).toBe(2);
    expect(stderr).toContain('Give a number above 0');
  });
});

describeReal('the first run on real servers', ['kafka', 'redis', 'registry'], () => {
  test('runs the same', async () => {
    expect(realServices.kafka).toBeDefined();
    expectWholeRun(await firstRun(['--for', '3', '--json', '--rate', '500'], process.env), 'real');
  });
});
