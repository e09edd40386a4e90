import { silentLogger, systemClock, topicNames } from '@naru/core';
import {
  createDeadLetterTopic,
  createKafkaAdmin,
  createKafkaConsumer,
  createKafkaProducer,
  KafkaConsumerClient,
  KafkaDisconnectionConsumerClient,
  type ReceivedMessage,
} from '@naru/kafka-clients';
import { createMemoryTransport } from '@naru/kafka-clients/testing';
import { afterEach, expect, test } from 'vitest';
import type { Failure } from '../events/event-publisher.js';
import type { CommandLimits } from '../fleet/command-router.js';
import { GatewayError } from '../gateway-error.js';
import type { CommandStep } from '../orchestration/command-progress.js';
import type { ConnectContext } from '../orchestration/connect-context.js';
import { createCommandTarget } from './command-target.js';
import { reportingDeadLetter } from './reporting-dead-letter.js';

const target = { exchange: 'upbit', region: 'korea', request_type: 'ticker' };
const command = {
  type: 'status',
  action: 'connect_and_subscribe',
  target,
  symbols: ['KRW-BTC'],
  connection: { url: 'wss://api.upbit.com/websocket/v1', socket_params: {} },
  correlation_id: 'c-1',
};
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

/** Both command topics, consumed as the gateway does it. */
async function setUp(connect: (context: ConnectContext, limits?: CommandLimits) => void = () => {}) {
  const connected: ConnectContext[] = [];
  const disconnected: string[] = [];
  const failures: Failure[] = [];
  const transport = createMemoryTransport();
  const admin = createKafkaAdmin({ transport });
  await admin.ensureTopics(
    [topicNames.command, topicNames.disconnection, topicNames.dlq].map((topic) => ({ topic, partitions: 1 })),
  );
  const producer = createKafkaProducer({ transport, lingerMs: 0 });
  await producer.connect();
  const steps: [string | undefined, CommandStep][] = [];
  const progress = { note: (id: string | undefined, step: CommandStep) => void steps.push([id, step]) };
  const events = { failed: (failure: Failure) => void failures.push(failure) };
  const orchestrator = createCommandTarget({
    streams: {
      async connectFromContext(context, limits) {
        connect(context, limits);
        connected.push(context);
        return { kind: 'duplicate' };
      },
      async disconnect({ exchange }) {
        disconnected.push(exchange);
        return false;
      },
    },
    events,
    progress,
    clock: systemClock,
    logger: silentLogger,
  });
  const shared = {
    transport,
    orchestrator,
    fromBeginning: true,
    deadLetter: reportingDeadLetter(createDeadLetterTopic({ producer }), events, progress),
  };
  const commands = new KafkaConsumerClient({ ...shared, onExpired: orchestrator.onExpired });
  const disconnections = new KafkaDisconnectionConsumerClient(shared);
  opened.push(commands, disconnections, producer, admin);
  await Promise.all([commands.start(), disconnections.start()]);

  const send = async (body: unknown, topic: string = topicNames.command): Promise<void> => {
    await producer.sendAndWait({
      topic,
      value: typeof body === 'string' || body === null ? body : JSON.stringify(body),
    });
  };
  const firstLetter = async (): Promise<ReceivedMessage> => {
    await using reader = createKafkaConsumer({
      transport,
      groupId: 'r',
      topics: [topicNames.dlq],
      fromBeginning: true,
    });
    await reader.start();
    for await (const message of reader.messages()) return message;
    throw new Error('the reader ended');
  };
  return { send, connected, disconnected, failures, firstLetter, steps };
}

test('hands a command over as it was meant', async () => {
  const { send, connected } = await setUp();
  await send({ ...command, projection: ['close'] });
  await send({ ...command, correlation_id: undefined, ticket_id: 't-1' });
  await expect.poll(() => connected).toHaveLength(2);
  expect(connected).toMatchObject([
    { target, symbols: ['KRW-BTC'], url: command.connection.url, projection: ['close'], correlationId: 'c-1' },
    { projection: null, correlationId: 't-1' },
  ]);
});

test.each([
  ['no JSON', '{"type":', 'deserialization', /not JSON/],
  ['no object', '[1]', 'command', /expected object/],
  ['a missing field', { ...command, symbols: undefined }, 'command', /\/symbols/],
  ['no symbols', { ...command, symbols: [] }, 'command', /\/symbols/],
  ['an unknown field', { ...command, speed: 1 }, 'command', /speed/],
  ['a symbol that is no market code', { ...command, symbols: ['KRW-BTC', 'btcusdt'] }, 'command', /\/symbols\/1/],
  ['a field that no ticker has', { ...command, projection: ['bid'] }, 'command', /\/projection\/0/],
  ['a region that is none', { ...command, target: { ...target, region: 'mars' } }, 'command', /\/target\/region/],
])('%s is a dead letter as it came, and one error event says where', async (_, body, boundary, message) => {
  const { send, connected, failures, firstLetter } = await setUp();
  await send(body);
  const letter = await firstLetter();
  expect(String(letter.value)).toBe(typeof body === 'string' ? body : JSON.stringify(body));
  expect(String(letter.headers['__connect.errors.exception.message'])).toMatch(message);
  expect(failures).toMatchObject([{ boundary, error: { message: expect.stringMatching(message) } }]);
  expect(connected).toEqual([]);
});

test('what the streams refuse is told once, with its target, and is a dead letter', async () => {
  const { send, failures, firstLetter } = await setUp(() => {
    throw new GatewayError('address_not_allowed', 'no');
  });
  await send(command);
  const letter = await firstLetter();
  expect(String(letter.headers['correlation-id'])).toBe('c-1');
  expect(failures).toMatchObject([{ error: { code: 'address_not_allowed' }, target, correlationId: 'c-1' }]);
});

test('a command that outlived its time is dropped and told', async () => {
  const { send, connected, failures } = await setUp();
  await send({ ...command, ttl_ms: 1, ts_issue: '2020-01-02T03:04:03Z' });
  await send({ ...command, ttl_ms: 60_000 });
  await expect.poll(() => connected).toHaveLength(1);
  expect(failures).toMatchObject([{ error: { code: 'command_expired' }, target, correlationId: 'c-1' }]);
});

test('a command that outlives its time while it waits is told once, and is done', async () => {
  const { send, failures } = await setUp((_, limits) => {
    expect(limits?.isExpired?.()).toBe(false);
    throw new GatewayError('command_expired', 'it waited too long');
  });
  await send({ ...command, ttl_ms: 600_000 });
  await expect.poll(() => failures).toHaveLength(1);
  expect(failures).toMatchObject([{ error: { code: 'command_expired' }, target, correlationId: 'c-1' }]);
});

test('another type or action is none of ours', async () => {
  const { send, connected, failures } = await setUp();
  await send({ type: 'status', action: 'dance' });
  await send({ type: 'greeting', action: 'connect_and_subscribe' });
  await send(command);
  await expect.poll(() => connected).toHaveLength(1);
  expect(failures).toEqual([]);
});

test('a disconnect without a connection is no error', async () => {
  const { send, disconnected, failures } = await setUp();
  await send({ type: 'status', action: 'disconnect', target, reason: 'enough' }, topicNames.disconnection);
  await expect.poll(() => disconnected).toEqual(['upbit']);
  expect(failures).toEqual([]);
});

const received = (place: string, action = 'connect_and_subscribe') => ({
  step: 'received',
  action,
  target: 'upbit/korea/ticker',
  from: place,
});

test('whoever follows commands hears that one came and that it became a dead letter, however bad it was', async () => {
  const { send, steps, firstLetter } = await setUp(() => {
    throw new GatewayError('address_not_allowed', 'no');
  });
  await send(command);
  await firstLetter();
  await send('{"correlation_id":"c-2"}');
  await send('{');
  await expect.poll(() => steps).toHaveLength(4);
  expect(steps).toEqual([
    ['c-1', received('ws.command 0@0')],
    ['c-1', { step: 'dead_lettered', reason: 'no' }],
    ['c-2', { step: 'dead_lettered', reason: expect.stringContaining('invalid') }],
    ['ws.command 0@2', { step: 'dead_lettered', reason: expect.stringContaining('not JSON') }],
  ]);
});

test('a command without a correlation id is followed by its place, to its end', async () => {
  const { send, steps, connected, disconnected } = await setUp();
  await send({ ...command, correlation_id: undefined });
  await expect.poll(() => connected).toHaveLength(1);
  await send({ type: 'status', action: 'disconnect', target }, topicNames.disconnection);
  await expect.poll(() => disconnected).toHaveLength(1);
  await expect.poll(() => steps).toHaveLength(4);
  expect(steps).toEqual([
    ['ws.command 0@0', received('ws.command 0@0')],
    ['ws.command 0@0', { step: 'done', result: 'duplicate' }],
    ['ws.disconnection 0@0', received('ws.disconnection 0@0', 'disconnect')],
    ['ws.disconnection 0@0', { step: 'done', result: 'nothing_to_end' }],
  ]);
});

test('a command that outlived its time has come and has expired', async () => {
  const { send, steps } = await setUp();
  await send({ ...command, ttl_ms: 1, ts_issue: '2020-01-02T03:04:03Z' });
  await expect.poll(() => steps).toHaveLength(2);
  expect(steps.map(([id, { step }]) => [id, step])).toEqual([
    ['c-1', 'received'],
    ['c-1', 'expired'],
  ]);
});
