import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { silentLogger } from '@naru/core';
import { createExchangeSimulator, type ExchangeSimulator } from '@naru/exchange-simulator';
import { describeReal, realServices, redisDatabase } from '@naru/test-services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGateway, type Gateway } from '../composition/create-gateway.js';
import { sendRaw } from './kafka-reader.js';
import { jsonLines, type Ran, runNaru, startNaru } from './run-naru.js';

// Each step starts a process; on a busy machine that takes seconds.
describe('the command and a gateway with an embedded broker', { timeout: 120_000 }, () => {
  let simulator: ExchangeSimulator;
  let gateway: Gateway;
  let kafka: string[];

  beforeAll(async () => {
    simulator = createExchangeSimulator({ rate: 500, seed: 3 });
    await simulator.start();
    gateway = await createGateway({
      config: {
        kafka: { partitions: 2 },
        operations: { port: 0 },
        connections: { allowedHosts: [`127.0.0.1:${simulator.port}`], allowedPrivateAddresses: ['127.0.0.1'] },
      },
      overrides: { logger: silentLogger },
    });
    kafka = ['--brokers', gateway.kafka.join(',')];
  });
  afterAll(async () => {
    await gateway?.close();
    await simulator?.close();
  });

  const succeed = async (...args: string[]): Promise<Ran> => {
    const ran = await runNaru(args);
    expect(ran.stderr).toBe('');
    expect(ran.code).toBe(0);
    return ran;
  };

  test('a stream is opened, seen, tapped and ended', async () => {
    const connect = ['connect', 'upbit', 'trade', 'KRW-BTC', 'KRW-ETH', '--url', simulator.url('upbit'), ...kafka];
    const [sent] = jsonLines(await succeed(...connect, '--json'));
    expect(sent).toMatchObject({ topic: 'ws.command', correlation_id: expect.stringMatching(/^[0-9a-f-]{36}$/) });

    const tap = ['tap', 'realtime.trade.korea', '--registry', gateway.registry, '--key', 'KRW-ETH', '--count', '3'];
    const records = jsonLines(await succeed(...tap, ...kafka, '--json', '--from-beginning'));
    expect(records).toHaveLength(3);
    for (const record of records) expect(record).toMatchObject({ code: 'KRW-ETH', trade_price: expect.any(Number) });
    expect((await succeed(...tap, ...kafka)).stdout).toMatch(/^(KRW-ETH {2}trade_timestamp=.*\n){3}$/);

    const shown = await succeed('streams', '--operations', gateway.operations);
    expect(shown.stdout).toMatch(/upbit\/korea\/trade +live +2\/2/);
    const disconnected = await succeed('disconnect', 'upbit', 'trade', '--reason', 'enough', ...kafka);
    expect(disconnected.stdout).toContain('ws.disconnection');
    await expect.poll(() => gateway.report()[0]?.stream, { timeout: 10_000 }).toBeNull();
  });

  test('streams are watched until it is interrupted', async () => {
    const { child, ended } = startNaru(['streams', '--watch', '--json', '--operations', gateway.operations]);
    const answers = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    for (let seen = 0; seen < 2; seen += 1) {
      expect(JSON.parse((await answers.next()).value)).toHaveProperty('totals');
    }
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });

  test('streams are watched until nobody reads any more', async () => {
    const { child, ended } = startNaru(['streams', '--watch', '--json', '--operations', gateway.operations]);
    await once(child.stdout!, 'data');
    child.stdout!.destroy();
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });

  test('a topic that does not exist is told, with the one that may be meant', async () => {
    const ran = await runNaru(['tap', 'realtime.trade.corea', '--registry', gateway.registry, ...kafka]);
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('realtime.trade.korea') });
  });

  test('dead letters are listed, shown whole and sent back once', async () => {
    const bytes = Buffer.from('{"type":"status",\u001b[2J no json');
    await sendRaw(gateway.kafka, 'ws.command', [bytes]);
    const list = async () => jsonLines(await succeed('dlq', 'ls', '--json', ...kafka));
    await expect.poll(list, { timeout: 60_000 }).toHaveLength(1);
    const [letter] = (await list()) as { partition: number; offset: string; reason: string; value_base64: string }[];
    expect(letter).toMatchObject({ reason: expect.stringContaining('JSON'), value_base64: bytes.toString('base64') });
    const place = [String(letter?.partition), String(letter?.offset)];
    const [line, whole, raw] = await Promise.all([
      succeed('dlq', 'ls', ...kafka),
      succeed('dlq', 'show', ...place, ...kafka),
      succeed('dlq', 'show', ...place, '--raw', ...kafka),
    ]);
    expect(line.stdout).toContain('ws.command');
    expect(whole.stdout).toContain('\\u001b[2J no json');
    expect(line.stdout + whole.stdout).not.toContain('\u001b');
    expect(raw.stdout).toBe(bytes.toString());

    expect((await succeed('dlq', 'replay', '--dry-run', ...kafka)).stdout).toContain('would go to ws.command');
    expect((await succeed('dlq', 'replay', '--limit', '1', ...kafka)).stdout).toContain('1 sent, 0 left out.');
    // What was sent back fails again, as nothing was mended, and says how often it was tried.
    await expect.poll(list, { timeout: 60_000 }).toHaveLength(2);
    expect((await list()).map((one) => (one as { replays: number }).replays).sort()).toEqual([0, 1]);
    const missing = await runNaru(['dlq', 'show', '0', '999', ...kafka]);
    expect(missing).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no dead letter at offset 999 of partition 0'),
    });
  });

  test('check names every server, topics and schemas', async () => {
    const env = { KAFKA_BROKERS: gateway.kafka.join(','), SCHEMA_REGISTRY_URL: gateway.registry };
    const same = await runNaru(['check', '--json'], { env: { ...env, NARU_TOPIC_PARTITIONS: '2' } });
    expect(same.code).toBe(0);
    const { findings } = JSON.parse(same.stdout);
    expect(findings).toMatchObject([
      { what: 'kafka', ok: true },
      { what: 'topics', ok: true, found: expect.stringMatching(/^all \d+ are there/) },
      { what: 'registry', ok: true },
      { what: 'schemas', ok: true, found: expect.stringMatching(/^all \d+ are registered/) },
      { what: 'redis', ok: true },
    ]);
    const other = await runNaru(['check'], { env: { ...env, NARU_TOPIC_PREFIX: 'blue.' } });
    expect(other.stdout).toContain('blue.ws.command');
    expect((await runNaru(['check'], { env })).stdout).toContain('ws.dlq has 2 partition(s)');
  });
});

test('dev runs the whole, stops cleanly and adds up', { timeout: 120_000 }, async () => {
  const ran = await runNaru(['dev', '--for', '2', '--rate', '500', '--json']);
  expect(ran.stderr).toContain('Stopped cleanly');
  expect(ran.code).toBe(0);
  const outcome = JSON.parse(ran.stdout);
  expect(outcome).toMatchObject({ mode: 'embedded', dropped: 0, buffered: 0 });
  expect(outcome.acknowledged).toBeGreaterThan(0);
  expect(outcome.received).toBe(outcome.acknowledged + outcome.conflated);
});

describeReal('the command on real servers', ['kafka', 'redis', 'registry'], () => {
  const env = {
    KAFKA_BROKERS: realServices.kafka,
    SCHEMA_REGISTRY_URL: realServices.registry,
    REDIS_URL: redisDatabase(9),
  };

  test('check finds every one of them', async () => {
    const ran = await runNaru(['check', '--json'], { env: { ...env, NARU_TOPIC_PREFIX: 'never-made.' } });
    const { findings } = JSON.parse(ran.stdout) as { findings: { what: string; ok: boolean; found: string }[] };
    expect(findings.filter(({ ok, what }) => !ok && what !== 'schemas')).toEqual([]);
    expect(findings.find(({ what }) => what === 'topics')?.found).toContain('never-made.ws.command');
  });

  test('breakers are steered through the Redis of the configuration', async () => {
    const opened = await runNaru(['breaker', '--json', 'open', 'upbit/korea/trade', '--reason', 'test'], { env });
    expect(jsonLines(opened)).toMatchObject([{ name: 'upbit/korea/trade', mode: 'forced-open', reason: 'test' }]);
    const reset = await runNaru(['breaker', '--json', 'reset', 'upbit/korea/trade'], { env });
    expect(jsonLines(reset)).toMatchObject([{ mode: 'automatic' }]);
  });
});
