import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmbeddedKafka, type EmbeddedKafka } from '@naru/embedded-kafka';
import { createExchangeSimulator, type ExchangeSimulator } from '@naru/exchange-simulator';
import { createEmbeddedRegistry, type EmbeddedRegistry } from '@naru/schema-registry/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StreamTotals } from '../orchestration/target-books.js';
import type { DeliveryStatus } from '../publishing/delivery.js';
import { sendRaw } from './kafka-reader.js';
import { readLiveRecords } from './live-records.js';
import { type RunningGateway, runGateway } from './run-gateway.js';

const framesPerStream = 500;
const markets = ['KRW-BTC', 'KRW-ETH'];

let directory: string;
let kafka: EmbeddedKafka;
let registry: EmbeddedRegistry;
let simulator: ExchangeSimulator;
const children: ChildProcess[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'killed-'));
  kafka = await createEmbeddedKafka({ defaultPartitions: 2 });
  registry = await createEmbeddedRegistry();
  simulator = createExchangeSimulator({ rate: 0, seed: 5, messages: framesPerStream, startTimeMs: 1_790_000_000_000 });
  await simulator.start();
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await simulator?.close();
  await registry?.close();
  await kafka?.close();
  await rm(directory, { recursive: true, force: true });
});

/** Each in a group of its own: a member that was killed would be waited for. */
async function run(): Promise<RunningGateway> {
  const gateway = await runGateway({
    KAFKA_BROKERS: kafka.bootstrap.join(),
    SCHEMA_REGISTRY_URL: registry.url,
    NARU_GROUP_ID: `gateway-${children.length}`,
    NARU_TOPIC_PARTITIONS: '2',
    NARU_ALLOWED_HOSTS: `127.0.0.1:${simulator.port}`,
    NARU_ALLOW_PRIVATE_ADDRESSES: 'true',
    NARU_STALL_MS: '300',
    NARU_SPOOL_DIRECTORY: directory,
  });
  children.push(gateway.child);
  return gateway;
}

async function ask<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T;
}

const patience = { timeout: 60_000, interval: 20 };

test('a gateway that is killed while Kafka is away loses nothing that is in its spool', async () => {
  const first = await run();
  const totals = async (operations: string): Promise<StreamTotals> =>
    (await ask<{ totals: StreamTotals }>(`${operations}/streams`)).totals;
  await sendRaw(kafka.bootstrap, 'ws.command', [
    Buffer.from(
      JSON.stringify({
        type: 'status',
        action: 'connect_and_subscribe',
        target: { exchange: 'upbit', region: 'korea', request_type: 'trade' },
        symbols: markets,
        connection: { url: simulator.url('upbit'), socket_params: [] },
      }),
    ),
  ]);
  await expect
    .poll(async () => (await ask<{ streams: unknown[] }>(`${first.operations}/streams`)).streams.length, patience)
    .toBe(1);
  simulator.setRate(500);
  await expect.poll(async () => (await totals(first.operations)).acknowledged, patience).toBeGreaterThan(100);

  await kafka.stopNode(1);
  const wanted = framesPerStream * markets.length;
  await expect
    .poll(async () => {
      const { received, buffered, spooled } = await totals(first.operations);
      const { spool } = (await ask<{ spool: DeliveryStatus }>(`${first.operations}/spool`)).spool;
      return received >= wanted && spooled === buffered && spool?.pendingBytes === 0;
    }, patience)
    .toBe(true);
  const { buffered } = await totals(first.operations);
  expect(buffered).toBeGreaterThan(0);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');

  await kafka.startNode(1);
  const second = await run();
  await expect.poll(async () => (await totals(second.operations)).buffered, patience).toBe(0);
  const { received, recovered, acknowledged, dropped } = await totals(second.operations);
  expect(recovered).toBeGreaterThanOrEqual(buffered);
  expect({ received, acknowledged, dropped }).toEqual({ received: recovered, acknowledged: recovered, dropped: 0 });

  const trades = await readLiveRecords(kafka.bootstrap, registry.url, 'realtime.trade.korea', wanted);
  for (const code of markets) {
    const ids = trades.filter((record) => record.code === code).map(({ sequential_id }) => sequential_id);
    expect(ids).toEqual(
      Array.from({ length: framesPerStream }, (_, index) => simulator.expectedTrade('upbit', code, index).id),
    );
  }
  second.child.kill('SIGTERM');
  expect(await once(second.child, 'exit')).toEqual([0, null]);
}, 120_000);
