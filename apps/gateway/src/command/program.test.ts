import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { runNaru as run, startNaru } from '../e2e/run-naru.js';
import { createProgram } from './program.js';

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
  ['a symbol that is no market code', ['connect', 'upbit', 'trade', 'btc', '--brokers', '127.0.0.1:1']],
  [
    'a field that the record has not',
    ['connect', 'upbit', 'trade', 'KRW-BTC', '--fields', 'close', '--brokers', 'a:1'],
  ],
  ['no Kafka named', ['connect', 'upbit', 'trade', 'KRW-BTC']],
  ['a time that is none', ['dev', '--for', 'ever']],
  ['a stream that is none', ['dev', '--live', 'upbit:candle:KRW-BTC']],
  ['offsets of no partition', ['dlq', 'replay', '--from', '1', '--brokers', '127.0.0.1:1']],
  ['a shell that is none', ['completion', 'tcsh']],
  ['a line that is no frame', ['parse', '--exchange', 'upbit', '--kind', 'trade']],
])('%s is wrong use: exit code 2', async (_, args) => {
  const { code, stderr } = await run(args, { input: 'no frame\n' });
  expect(code).toBe(2);
  expect(stderr).not.toBe('');
});

test('a server that is away has an exit code of its own, and its error says what to do', {
  timeout: 120_000,
}, async () => {
  const [connect, streams, check, dlq, breaker, start] = await Promise.all([
    run(['connect', 'upbit', 'trade', 'KRW-BTC', '--brokers', '127.0.0.1:1']),
    run(['streams', '--operations', 'http://127.0.0.1:1']),
    run(['check', '--json'], { env: { REDIS_URL: 'redis://:hunter2@127.0.0.1:1' } }),
    run(['dlq', 'ls', '--brokers', '127.0.0.1:1']),
    run(['breaker', 'status', '--redis', 'redis://127.0.0.1:1']),
    run(['run'], { env: { KAFKA_BROKERS: '127.0.0.1:1', NARU_OPERATIONS_PORT: '0', NARU_LOG_LEVEL: 'silent' } }),
  ]);
  expect(connect).toMatchObject({ code: 3, stderr: expect.stringContaining('127.0.0.1:1') });
  expect(streams).toMatchObject({ code: 3, stderr: expect.stringContaining('naru run') });
  for (const { code, stderr } of [check, dlq, breaker, start]) {
    expect(code, stderr).toBe(3);
    expect(stderr.trim().split('\n'), stderr).toHaveLength(1);
  }
  expect(JSON.parse(check.stdout).findings).toContainEqual(expect.objectContaining({ what: 'redis', ok: false }));
  expect(check.stdout + check.stderr).not.toContain('hunter2');
});

test('with --json every error is one JSON object on stderr, also wrong use', { timeout: 60_000 }, async () => {
  const [usage, option, config, away] = await Promise.all([
    run(['connect', 'upbitt', 'trade', 'KRW-BTC', '--json']),
    run(['breaker', 'status', '--redis', 'nowhere', '--json']),
    run(['run', '--json'], { env: { NARU_LINGER_MS: 'x' } }),
    run(['streams', '--json', '--operations', 'http://127.0.0.1:1']),
  ]);
  const errorOf = ({ stderr, stdout }: Awaited<ReturnType<typeof run>>): unknown => {
    expect(stdout).toBe('');
    return JSON.parse(stderr).error;
  };
  expect(errorOf(usage)).toMatchObject({ code: 'usage', message: expect.stringContaining('Is upbit meant?') });
  expect(errorOf(option)).toMatchObject({ code: 'usage', message: expect.stringContaining('--redis takes') });
  expect(errorOf(config)).toMatchObject({ code: 'invalid_configuration', exit_code: 1 });
  expect(errorOf(away)).toMatchObject({ code: 'unreachable', exit_code: 3 });
});

test('circuits are looked for in the Redis of the configuration file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'naru-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'gateway.yaml');
  await writeFile(file, `redis:\n  url: redis://127.0.0.1:1\n  passwordFile: ${join(folder, 'missing')}\n`);
  const missing = await run(['breaker', 'status', '--config', file]);
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('passwordFile') });
  await writeFile(join(folder, 'missing'), 'secret');
  const away = await run(['breaker', 'status', '--config', file]);
  expect(away).toMatchObject({ code: 3, stderr: expect.stringContaining('127.0.0.1:1') });
});

test('a configuration that cannot be used ends the gateway with every problem', async () => {
  const { code, stderr } = await run(['run'], { env: { NARU_LINGER_MS: 'x', NARU_LOG_LEVEL: 'x' } });
  expect(code).toBe(1);
  expect(stderr).toMatch(/NARU_LINGER_MS.*NARU_LOG_LEVEL/s);
});

test('every command explains itself', { timeout: 120_000 }, async () => {
  const help = await run(['--help']);
  expect(help.code).toBe(0);
  const commands = [
    ...['dev', 'run', 'check', 'config', 'exchanges', 'connect', 'disconnect', 'streams', 'tap', 'breaker', 'dlq'],
    ...['parse', 'load', 'asyncapi', 'completion'],
  ];
  for (const command of commands) expect(help.stdout).toContain(`\n  ${command}`);
  expect(help.stdout).toContain('Exit codes');
  const texts = (await createProgram()).commands.map((command) => command.helpInformation());
  for (const text of texts) expect(text).toMatch(/^Usage: naru \S+[\s\S]*\n\n[A-Z]/);
  const all = ({ commands: below }: Command): Command[] => below.flatMap((command) => [command, ...all(command)]);
  for (const command of all(await createProgram())) {
    let shown = '';
    command.configureOutput({ writeOut: (text) => (shown += text) }).outputHelp();
    expect(shown, command.name()).toMatch(/\nExamples?:\n {2}/);
  }
  expect((await run(['run', '--help'])).stdout).toContain('KAFKA_SASL_PASSWORD');
  const exchanges = await run(['exchanges', '--json']);
  expect(
    exchanges.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).exchange),
  ).toContain('upbit');
});

test('the configuration is printed without secrets, with the place of each value', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'naru-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'gateway.yaml');
  await writeFile(file, 'kafka:\n  brokers: [a:9092, b:9092]\npublishing:\n  lingerMs: 7\n');
  const env = { NARU_LINGER_MS: '9', REDIS_URL: 'redis://u:canary@cache', REDIS_PASSWORD: 'canary' };
  const { code, stdout } = await run(['config', '--config', file], { env });
  expect(code).toBe(0);
  expect(stdout.replaceAll(`${folder}/`, '').split('\n')).toEqual([
    'kafka.brokers: [ a:9092, b:9092 ]  # gateway.yaml:2 kafka.brokers',
    'redis.url: redis://cache  # REDIS_URL',
    'redis.password: "[redacted]"  # REDIS_PASSWORD',
    'publishing.lingerMs: 9  # NARU_LINGER_MS',
    '',
  ]);
  const json = await run(['config', '--json'], { env: { ...env, NARU_CONFIG: file } });
  expect(JSON.parse(json.stdout)['redis.password']).toEqual({ value: '[redacted]', from: 'REDIS_PASSWORD' });
  await writeFile(file, 'publishing:\n  lingrMs: 7\n');
  const wrong = await run(['check', '--config', file]);
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('is publishing.lingerMs meant?') });
});

test('the AsyncAPI document has the topics that are configured', async () => {
  const { code, stdout } = await run(['asyncapi'], { env: { NARU_TOPIC_PREFIX: 'blue.' } });
  expect(code).toBe(0);
  expect(parse(stdout)).toMatchObject({
    asyncapi: '3.0.0',
    channels: { command: { address: 'blue.ws.command' }, ticker: { address: 'blue.realtime.ticker.{region}' } },
  });
});

test('no help text shows what a URL or a variable keeps secret', async () => {
  const env = { REDIS_URL: 'redis://u:canary@cache', NARU_OPERATIONS_TOKEN: 'canary', KAFKA_SASL_PASSWORD: 'canary' };
  const texts = await Promise.all(['breaker', 'streams', 'run'].map((command) => run([command, '--help'], { env })));
  for (const { code, stdout } of texts) {
    expect(code).toBe(0);
    expect(stdout).not.toContain('canary');
  }
});

test('whoever reads it may stop at any time', async () => {
  const { child, ended } = startNaru(['config', '--all']);
  child.stdout?.destroy();
  expect(await ended).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('says its version', async () => {
  expect((await run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('completion is printed for each shell', async () => {
  const scripts = await Promise.all(['bash', 'zsh', 'fish'].map((shell) => run(['completion', shell])));
  for (const { code, stdout } of scripts) {
    expect(code).toBe(0);
    expect(stdout).toContain('naru dlq replay');
  }
});
