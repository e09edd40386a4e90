import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@naru/core';
import { createEmbeddedKafka, type EmbeddedKafka, ErrorCode } from '@naru/embedded-kafka';
import { createExchangeSimulator, type ExchangeSimulator } from '@naru/exchange-simulator';
import { createEmbeddedRegistry, type EmbeddedRegistry } from '@naru/schema-registry/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGateway, type Gateway } from '../composition/create-gateway.js';
import { defaultConfig } from '../config/complete-config.js';
import type { DeliveryStatus } from '../publishing/delivery.js';
import { sendRaw } from './kafka-reader.js';
import { readLiveRecords } from './live-records.js';

const startTimeMs = 1_790_000_000_000;
const framesPerStream = 600;
const markets = ['KRW-BTC', 'KRW-ETH'];
const kinds = ['trade', 'ticker'] as const;

let directory: string;
let kafka: EmbeddedKafka;
let registry: EmbeddedRegistry;
let simulator: ExchangeSimulator;
const gateways: Gateway[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'outage-'));
  kafka = await createEmbeddedKafka({ defaultPartitions: 2 });
  registry = await createEmbeddedRegistry();
  simulator = createExchangeSimulator({ rate: 0, seed: 3, messages: framesPerStream, startTimeMs });
  await simulator.start();
});
afterAll(async () => {
  await simulator?.close();
  for (const gateway of gateways) await gateway.close();
  await registry?.close();
  await kafka?.close();
  await rm(directory, { recursive: true, force: true });
});

async function start(): Promise<Gateway> {
  const gateway = await createGateway({
    config: {
      // A group of its own: members that could not say farewell to the broker would be waited for.
      kafka: { brokers: kafka.bootstrap, partitions: 2, groupId: `gateway-${gateways.length}` },
      registry: { url: registry.url },
      operations: { port: 0 },
      connections: {
        ...defaultConfig.connections,
        allowedHosts: [`127.0.0.1:${simulator.port}`],
        allowPrivateAddresses: true,
      },
      publishing: { stallMs: 300, shedLagMs: 0 },
      spool: { directory },
      shutdownDeadlineMs: 2_000,
    },
    overrides: { logger: silentLogger },
  });
  gateways.push(gateway);
  return gateway;
}

async function deliveryOf(gateway: Gateway): Promise<DeliveryStatus> {
  const { spool } = (await (await fetch(`${gateway.operations}/spool`)).json()) as { spool: DeliveryStatus };
  return spool;
}

function totalsOf(gateway: Gateway) {
  const totals = gateway.totals();
  expect(totals.received).toBe(totals.acknowledged + totals.conflated + totals.dropped + totals.buffered);
  return totals;
}

const patience = { timeout: 60_000, interval: 20 };

test('refusals, a hang, a broker that is away, and a restart: every record is in Kafka, in order', async () => {
  const first = await start();
  await sendRaw(
    first.kafka,
    'ws.command',
    kinds.map((kind) =>
      Buffer.from(
        JSON.stringify({
          type: 'status',
          action: 'connect_and_subscribe',
          target: { exchange: 'upbit', region: 'korea', request_type: kind },
          symbols: markets,
          connection: { url: simulator.url('upbit'), socket_params: [] },
        }),
      ),
    ),
  );
  await expect.poll(() => first.report().filter(({ stream }) => stream?.connections.length).length, patience).toBe(2);

  // All goes well for a while, then every write is refused, then answers do not come.
  simulator.setRate(2_000);
  await expect.poll(() => totalsOf(first).acknowledged, patience).toBeGreaterThan(200);
  kafka.faults.on('Produce', { action: 'error', errorCode: ErrorCode.LEADER_NOT_AVAILABLE }, { times: 4 });
  await expect.poll(() => totalsOf(first).acknowledged, patience).toBeGreaterThan(500);
  const hang = kafka.faults.on('Produce', { action: 'hang' });
  await expect.poll(async () => (await deliveryOf(first)).mode, patience).toBe('spooling');
  hang();

  // The broker goes away; what comes meanwhile is on disk when the gateway is told to stop.
  await kafka.stopNode(1);
  const all = (framesPerStream + 1) * kinds.length * markets.length;
  await expect.poll(() => totalsOf(first).received, patience).toBeGreaterThanOrEqual(framesPerStream * 4);
  expect(totalsOf(first).received).toBeLessThan(all + 100);
  expect(await first.close()).toBe(true);
  const left = totalsOf(first);
  expect(left).toMatchObject({ dropped: 0, conflated: 0 });
  expect(left.buffered).toBeGreaterThan(0);
  expect(left.spooled).toBe(left.buffered);

  // The next process sends it first.
  await kafka.startNode(1);
  const second = await start();
  expect(totalsOf(second).recovered).toBe(left.buffered);
  await expect.poll(() => totalsOf(second).buffered, patience).toBe(0);
  await expect
    .poll(async () => await deliveryOf(second), patience)
    .toMatchObject({
      mode: 'direct',
      memoryBytes: 0,
      spool: { messages: 0, bytes: 0, damaged: 0 },
    });
  expect(totalsOf(second)).toMatchObject({ received: left.buffered, acknowledged: left.buffered, dropped: 0 });
  const metrics = await (await fetch(`${second.operations}/metrics`)).text();
  expect(metrics).toMatch(/gateway_ticks_recovered_total\{.*request_type="trade"\} [1-9]/);

  const wanted = framesPerStream * markets.length;
  const trades = await readLiveRecords(kafka.bootstrap, registry.url, 'realtime.trade.korea', wanted);
  const tickers = await readLiveRecords(kafka.bootstrap, registry.url, 'realtime.ticker.korea', wanted);
  for (const code of markets) {
    const mine = trades.filter((record) => record.code === code);
    expect(mine.map(({ sequential_id }) => sequential_id)).toEqual(
      mine.map((_, index) => simulator.expectedTrade('upbit', code, index).id),
    );
    expect(mine).toHaveLength(framesPerStream);
    const closes = tickers.filter((record) => record.code === code);
    expect(closes).toHaveLength(framesPerStream);
    expect(closes).toMatchObject(closes.map((_, index) => simulator.expectedTicker('upbit', code, index)));
  }
}, 120_000);
