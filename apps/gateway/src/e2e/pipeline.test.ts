import { randomUUID } from 'node:crypto';
import { createTopicNames, type TopicNames, topicNames } from '@naru/core';
import { createExchangeSimulator, type ExchangeSimulator } from '@naru/exchange-simulator';
import { createRedisConnectionManager } from '@naru/redis-cache';
import { describeReal, realServices, redisDatabase } from '@naru/test-services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGateway, type Gateway } from '../composition/create-gateway.js';
import { type ConfigOverrides, defaultConfig } from '../config/complete-config.js';
import { createPlainDecoder, readTopics, sendRaw } from './kafka-reader.js';

const framesPerStream = 300;
const startTimeMs = 1_790_000_000_000;
const upbit = ['KRW-BTC', 'KRW-ETH', 'KRW-1INCH'];
const binance = ['USDT-BTC', 'USDT-ETH'];

interface Batch {
  readonly exchange: string;
  readonly batch_size: number;
  readonly data: readonly Record<string, unknown>[];
}

describe('from command to record, embedded', () => pipeline({ kafka: { ...defaultConfig.kafka, partitions: 2 } }));

describeReal('from command to record, on real Kafka, Redis and registry', ['kafka', 'redis', 'registry'], () =>
  pipeline({
    kafka: { ...defaultConfig.kafka, brokers: (realServices.kafka ?? '').split(','), partitions: 2 },
    registry: { url: realServices.registry ?? '', register: true },
    redis: { ...defaultConfig.redis, url: redisDatabase(12) },
  }),
);

function pipeline(servers: ConfigOverrides): void {
  describe('what was asked for', () => carriedOut(servers));

  test('a disconnect ends one stream and leaves the others, closing delivers everything', async () => {
    await using run = await startRun(servers);
    const { gateway } = run;
    const running = () => gateway.report().filter(({ stream }) => stream !== null);
    await expect.poll(() => running().length, { timeout: 20_000 }).toBe(4);
    await sendRaw(gateway.kafka, run.topics.disconnection, [
      Buffer.from(
        JSON.stringify({
          type: 'status',
          action: 'disconnect',
          target: { exchange: 'upbit', region: 'korea', request_type: 'trade' },
        }),
      ),
    ]);
    await expect.poll(() => running().length, { timeout: 20_000 }).toBe(3);
    expect(running().map(({ target }) => `${target.exchange} ${target.request_type}`)).not.toContain('upbit trade');
    expect(await gateway.close()).toBe(true);
  });
}

interface Run extends AsyncDisposable {
  readonly topics: TopicNames;
  readonly simulator: ExchangeSimulator;
  readonly gateway: Gateway;
  /** What was put on the command topic, in order. */
  readonly sent: readonly Buffer[];
  /** Those of it that are no commands. */
  readonly bad: readonly Buffer[];
}

async function startRun(servers: ConfigOverrides): Promise<Run> {
  if (servers.redis) await forgetFormerRun(servers.redis.url ?? '');
  const topics = topicsOfThisRun();
  const simulator = createExchangeSimulator({ rate: 20_000, seed: 7, messages: framesPerStream, startTimeMs });
  await simulator.start();
  const gateway = await createGateway({
    config: {
      ...servers,
      kafka: { ...servers.kafka, groupId: `e2e-${randomUUID()}` },
      topics,
      logLevel: 'silent',
      operations: { host: '127.0.0.1', port: 0 },
      publishing: { shedLagMs: 0 },
      connections: {
        ...defaultConfig.connections,
        allowedHosts: [`127.0.0.1:${simulator.port}`],
        allowPrivateAddresses: true,
      },
    },
  });
  const good = [
    command('upbit', 'korea', 'trade', upbit, simulator.url('upbit')),
    command('binance', 'asia', 'trade', binance, simulator.url('binance')),
    command('upbit', 'korea', 'ticker', upbit, simulator.url('upbit')),
    command('binance', 'asia', 'ticker', binance, simulator.url('binance')),
  ];
  const bad = [
    Buffer.from('{"type":"status", not json \u0000\u00ff'),
    Buffer.from('["no", "object"]'),
    Buffer.from(JSON.stringify({ type: 'status', action: 'connect_and_subscribe' })),
    command('nasdaq', 'na', 'ticker', ['USD-AAPL'], 'wss://example.com/'),
    command('upbit', 'korea', 'trade', upbit, 'wss://example.com/websocket/v1'),
    command('upbit', 'asia', 'trade', upbit, simulator.url('upbit')),
  ];
  // Each bad command stands between good ones.
  const sent = good.flatMap((one, index) => [one, ...bad.slice(index * 2, index * 2 + 2)]);
  await sendRaw(gateway.kafka, topics.command, sent);
  return {
    topics,
    simulator,
    gateway,
    sent,
    bad,
    async [Symbol.asyncDispose]() {
      await gateway.close();
      await simulator.close();
    },
  };
}

function carriedOut(servers: ConfigOverrides): void {
  let run: Run;
  beforeAll(async () => {
    run = await startRun(servers);
  });
  afterAll(() => run?.[Symbol.asyncDispose]());

  test.each([
    ['upbit', 'korea', upbit],
    ['binance', 'asia', binance],
  ] as const)(
    'every trade of %s is in Kafka, exactly and in the order of its market',
    async (exchange, region, codes) => {
      const records = await readRecords(`${run.topics.trade}.${region}`, codes.length * framesPerStream);
      for (const code of codes) {
        const mine = records.filter((record) => record.code === code);
        expect(mine).toHaveLength(framesPerStream);
        mine.forEach((record, index) => {
          const expected = run.simulator.expectedTrade(exchange, code, index);
          expect(record).toMatchObject({
            sequential_id: expected.id,
            trade_price: expected.price,
            trade_volume: expected.size,
            trade_amount: expected.price * expected.size,
            ask_bid: expected.side,
            trade_timestamp: (startTimeMs + index) / 1_000,
          });
        });
      }
    },
  );

  test.each([
    ['upbit', 'korea', upbit],
    ['binance', 'asia', binance],
  ] as const)('every ticker of %s likewise', async (exchange, region, codes) => {
    const records = await readRecords(`${run.topics.ticker}.${region}`, codes.length * framesPerStream);
    for (const code of codes) {
      const mine = records.filter((record) => record.code === code);
      expect(mine).toHaveLength(framesPerStream);
      mine.forEach((record, index) => {
        expect(record).toMatchObject(run.simulator.expectedTicker(exchange, code, index));
      });
    }
  });

  test('all that was received is accounted for', async () => {
    const received = ({ exchange }: { exchange: string }) =>
      framesPerStream * (exchange === 'upbit' ? upbit : binance).length;
    await expect
      .poll(
        () => {
          const report = run.gateway.report();
          return report.filter(
            ({ target, accounts }) => accounts.received >= received(target) && accounts.buffered === 0,
          ).length;
        },
        { timeout: 20_000 },
      )
      .toBe(4);
    for (const { accounts } of run.gateway.report()) {
      expect(accounts).toMatchObject({ acknowledged: accounts.received, conflated: 0, dropped: 0, buffered: 0 });
    }
  });

  test('one acknowledgement for each symbol', async () => {
    const wanted = 2 * (upbit.length + binance.length);
    const messages = await readTopics(
      run.gateway.kafka,
      [run.topics.connectSuccess],
      () => (_, count) => count >= wanted,
    );
    const decode = await createPlainDecoder(run.gateway.registry);
    const events = (await Promise.all(messages.map(({ value }) => decode(value)))) as Record<string, unknown>[];
    expect(events.every(({ action, ack }) => action === 'connect_success' && ack === 'clear')).toBe(true);
    expect(messages.map(({ key }) => key).sort()).toEqual(
      ['ticker', 'trade']
        .flatMap((kind) => [
          ...upbit.map((code) => `upbit|korea|${kind}|${code}`),
          ...binance.map((code) => `binance|asia|${kind}|${code}`),
        ])
        .sort(),
    );
    expect(messages.every(({ headers }) => headers['correlation-id']?.startsWith('e2e-'))).toBe(true);
  });

  test('every bad command is a dead letter, byte for byte, with its reason and its origin', async () => {
    const letters = await readTopics(run.gateway.kafka, [run.topics.dlq], () => (_, count) => count >= run.bad.length);
    const places = run.sent.flatMap((value, offset) =>
      run.bad.includes(value) ? [[String(offset), value] as const] : [],
    );
    const found = new Map(letters.map((letter) => [letter.headers['__connect.errors.offset'], letter]));
    for (const [offset, value] of places) {
      const letter = found.get(offset);
      expect(letter?.value.equals(value)).toBe(true);
      expect(letter?.headers).toMatchObject({
        '__connect.errors.topic': run.topics.command,
        '__connect.errors.partition': '0',
        'gateway-version': expect.stringMatching(/^\d+\.\d+\.\d+/),
      });
      expect(letter?.headers['__connect.errors.exception.message']).not.toBe('');
    }
    const reasons = places.map(([offset]) => found.get(offset)?.headers['__connect.errors.exception.message'] ?? '');
    expect(reasons).toEqual([
      expect.stringContaining('not JSON'),
      expect.stringContaining('expected object'),
      expect.stringContaining('/target'),
      expect.stringContaining('"nasdaq"'),
      expect.stringContaining('not one of the exchange'),
      expect.stringContaining('belongs to region korea'),
    ]);
  });

  test('and each of them is an error event', async () => {
    const events = await readTopics(run.gateway.kafka, [run.topics.error], () => (_, count) => count >= run.bad.length);
    for (const { value } of events) {
      expect(JSON.parse(value.toString())).toMatchObject({
        action: 'error',
        error: { error_message: { retryable: false } },
      });
    }
  });

  /** The live records of a topic: what an exchange replays on subscribing is left out. */
  async function readRecords(topic: string, wanted: number): Promise<Record<string, unknown>[]> {
    const decode = await createPlainDecoder(run.gateway.registry);
    let live: Record<string, unknown>[] = [];
    await readTopics(run.gateway.kafka, [topic], () => {
      live = [];
      return async ({ key, value }) => {
        const batch = (await decode(value)) as Batch;
        expect(batch.batch_size).toBe(batch.data.length);
        for (const record of batch.data) {
          expect(record.code).toBe(key);
          if (record.stream_type === 'REALTIME') live.push(record);
        }
        return live.length >= wanted;
      };
    });
    return live;
  }
}

function command(exchange: string, region: string, kind: string, symbols: readonly string[], url: string): Buffer {
  return Buffer.from(
    JSON.stringify({
      type: 'status',
      action: 'connect_and_subscribe',
      target: { exchange, region, request_type: kind },
      symbols,
      connection: { url, socket_params: [] },
      correlation_id: `e2e-${exchange}-${kind}`,
    }),
  );
}

/** Streams that a run leaves behind would resume in the next one, as they should. */
async function forgetFormerRun(url: string): Promise<void> {
  await using redis = createRedisConnectionManager({ url });
  await redis.initialize();
  await redis.client.flushdb();
}

/** Runs share a real broker, so each has topics of its own. */
function topicsOfThisRun(): TopicNames {
  const prefix = `e2e-${randomUUID().slice(0, 8)}.`;
  return createTopicNames(
    Object.fromEntries(Object.entries(topicNames).map(([topic, name]) => [topic, `${prefix}${name}`])),
  );
}
