import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createEmbeddedKafka, type EmbeddedKafka } from '@naru/embedded-kafka';
import { createExchangeSimulator, type ExchangeSimulator } from '@naru/exchange-simulator';
import { createKafkaConsumer, createKafkaTransport } from '@naru/kafka-clients';
import { createEmbeddedRegistry, type EmbeddedRegistry } from '@naru/schema-registry/testing';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runGateway, spawnGateway } from './run-gateway.js';

let kafka: EmbeddedKafka;
let registry: EmbeddedRegistry;
let simulator: ExchangeSimulator;
let client: Kafka;
let admin: Admin;
const children: ChildProcess[] = [];

beforeAll(async () => {
  kafka = await createEmbeddedKafka({ defaultPartitions: 2 });
  registry = await createEmbeddedRegistry();
  simulator = createExchangeSimulator({ rate: 10, seed: 5 });
  await simulator.start();
  client = new Kafka({ brokers: [...kafka.bootstrap], logLevel: logLevel.NOTHING });
  admin = client.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'ws.command', numPartitions: 2 }] });
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await admin?.disconnect();
  await simulator?.close();
  await registry?.close();
  await kafka?.close();
});

const environment = (groupId: string): NodeJS.ProcessEnv => ({
  KAFKA_BROKERS: kafka.bootstrap.join(),
  SCHEMA_REGISTRY_URL: registry.url,
  NARU_GROUP_ID: groupId,
  NARU_TOPIC_PARTITIONS: '2',
  NARU_ALLOWED_HOSTS: `127.0.0.1:${simulator.port}`,
  NARU_ALLOW_PRIVATE_ADDRESSES: 'true',
});

/** State of a group and how many members it has. */
async function stateOf(groupId: string): Promise<[state: string, members: number]> {
  const { groups } = await admin.describeGroups([groupId]);
  return [groups[0]!.state, groups[0]!.members.length];
}

const patience = { timeout: 20_000 };

test('commands of a member that was killed are carried out by those that live as soon as its session is over', async () => {
  const env = { ...environment('killed'), NARU_SESSION_TIMEOUT_MS: '1000' };
  const [dying, living] = await Promise.all([runGateway(env), runGateway(env)]);
  children.push(dying.child, living.child);
  await expect.poll(() => stateOf('killed-connect'), patience).toEqual(['Stable', 2]);
  dying.child.kill('SIGKILL');
  await once(dying.child, 'exit');
  const producer = client.producer();
  await producer.connect();
  const kinds = ['trade', 'ticker'];
  for (const [partition, request_type] of kinds.entries()) {
    const command = {
      type: 'status',
      action: 'connect_and_subscribe',
      target: { exchange: 'upbit', region: 'korea', request_type },
      symbols: ['KRW-BTC'],
      connection: { url: simulator.url('upbit'), socket_params: {} },
    };
    await producer.send({ topic: 'ws.command', messages: [{ partition, value: JSON.stringify(command) }] });
  }
  await producer.disconnect();
  const open = async (): Promise<string[]> => {
    const { streams } = (await (await fetch(`${living.operations}/streams`)).json()) as {
      streams: { target: { request_type: string } }[];
    };
    return streams.map(({ target }) => target.request_type).sort();
  };
  await expect.poll(open, patience).toEqual(kinds.toSorted());
}, 60_000);

test('a gateway that is told to stop while a broker holds its join leaves the group and exits with 0', async () => {
  // This member hears only after minutes that another one joins; until then whoever joins has no answer.
  await using holding = createKafkaConsumer({
    transport: createKafkaTransport({ brokers: kafka.bootstrap }),
    groupId: 'held-connect',
    topics: ['ws.command'],
    handler: () => {},
    sessionTimeoutMs: 300_000,
    heartbeatIntervalMs: 299_000,
    rebalanceTimeoutMs: 300_000,
  });
  await holding.start();
  const child = spawnGateway({ ...environment('held'), NARU_SHUTDOWN_DEADLINE_MS: '300000' });
  children.push(child);
  let output = '';
  child.stdout!.on('data', (text) => {
    output += text;
  });
  await expect.poll(() => stateOf('held-connect'), patience).toEqual(['PreparingRebalance', 2]);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(output).toBe('');
  expect(await stateOf('held-connect')).toEqual(['PreparingRebalance', 1]);
}, 60_000);
