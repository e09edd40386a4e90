import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const naru = fileURLToPath(new URL('../../bin/naru.js', import.meta.url));

function run(
  args: readonly string[],
  { input = '', env = {} }: { input?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const { PATH } = process.env;
    const child = execFile(process.execPath, [naru, ...args], { env: { PATH, ...env } }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
    child.stdin?.end(input);
  });
}

const trade =
  '{"type":"trade","code":"KRW-BTC","timestamp":1700000000100,"trade_timestamp":1700000000000,"trade_price":10.5,"trade_volume":2,"ask_bid":"BID","sequential_id":17000000000000001,"stream_type":"REALTIME"}';

test('parse prints a line for each frame, with ids digit for digit', async () => {
  const input = `${JSON.stringify(trade)}\n${JSON.stringify('{"status":"UP"}')}\n`;
  const { code, stdout } = await run(['parse', '--exchange', 'upbit', '--kind', 'trade'], { input });
  expect(code).toBe(0);
  const [data, heartbeat] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(data).toMatchObject({
    class: 'data',
    records: [{ code: 'KRW-BTC', trade_price: 10.5, ask_bid: 1, sequential_id: '17000000000000001' }],
  });
  expect(heartbeat).toEqual({ class: 'heartbeat', records: [] });
});

test('parse takes bytes in base64 too', async () => {
  const input = `${Buffer.from(trade).toString('base64')}\n`;
  const { stdout } = await run(['parse', '--exchange', 'upbit', '--kind', 'trade', '--base64'], { input });
  expect(JSON.parse(stdout)).toMatchObject({ class: 'data', records: [{ code: 'KRW-BTC' }] });
});

test.each([
  ['an unknown command', ['dance']],
  ['a missing argument', ['connect', 'upbit', 'trade', '--brokers', '127.0.0.1:1']],
  ['an exchange that is not supported', ['connect', 'nasdaq', 'trade', 'USD-X', '--brokers', '127.0.0.1:1']],
  ['a line that is no frame', ['parse', '--exchange', 'upbit', '--kind', 'trade']],
])('%s is wrong use: exit code 2', async (_, args) => {
  const { code, stderr } = await run(args, { input: 'no frame\n' });
  expect(code).toBe(2);
  expect(stderr).not.toBe('');
});

test('a server that is away has an exit code of its own, and its error says what to do', async () => {
  const [connect, streams, check] = await Promise.all([
    run(['connect', 'upbit', 'trade', 'KRW-BTC', '--brokers', '127.0.0.1:1']),
    run(['streams', '--operations', 'http://127.0.0.1:1']),
    run(['check', '--json'], { env: { REDIS_URL: 'redis://:hunter2@127.0.0.1:1' } }),
  ]);
  expect(connect).toMatchObject({ code: 3, stderr: expect.stringContaining('127.0.0.1:1') });
  expect(streams).toMatchObject({ code: 3, stderr: expect.stringContaining('naru run') });
  expect(check.code).toBe(3);
  expect(JSON.parse(check.stdout).findings).toContainEqual(expect.objectContaining({ what: 'redis', ok: false }));
  expect(check.stdout + check.stderr).not.toContain('hunter2');
});

test('a configuration that cannot be used ends the gateway with every problem', async () => {
  const { code, stderr } = await run(['run'], { env: { NARU_LINGER_MS: 'x', NARU_LOG_LEVEL: 'x' } });
  expect(code).toBe(1);
  expect(stderr).toMatch(/NARU_LINGER_MS.*NARU_LOG_LEVEL/s);
});

test('every command explains itself', async () => {
  const help = await run(['--help']);
  expect(help.code).toBe(0);
  for (const command of ['run', 'check', 'exchanges', 'connect', 'disconnect', 'streams', 'tap', 'parse']) {
    expect(help.stdout).toContain(`\n  ${command}`);
  }
  const exchanges = await run(['exchanges', '--json']);
  expect(
    exchanges.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).exchange),
  ).toContain('upbit');
});
