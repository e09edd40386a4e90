import { silentLogger } from '@naru/core';
import { createManualClock } from '@naru/core/testing';
import { expect, test } from 'vitest';
import type { Failure } from '../events/event-publisher.js';
import { GatewayError } from '../gateway-error.js';
import type { ConnectContext } from '../orchestration/stream-orchestrator.js';
import { createCommandHandler } from './command-handler.js';

const now = Date.parse('2026-01-02T03:04:05Z');

function setUp(connect: (context: ConnectContext) => void = () => {}) {
  const connected: ConnectContext[] = [];
  const disconnected: string[] = [];
  const failures: Failure[] = [];
  const handle = createCommandHandler({
    streams: {
      async connectFromContext(context) {
        connect(context);
        connected.push(context);
        return { kind: 'duplicate' };
      },
      async disconnect(target) {
        disconnected.push(target.exchange);
        return false;
      },
    },
    events: { failed: (failure) => failures.push(failure) },
    clock: createManualClock(now),
    logger: silentLogger,
  });
  const send = (body: unknown): Promise<void> =>
    handle({
      value: body === null ? null : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
      timestamp: now,
    });
  return { send, connected, disconnected, failures };
}

const target = { exchange: 'upbit', region: 'korea', request_type: 'ticker' };
const command = {
  type: 'status',
  action: 'connect_and_subscribe',
  target,
  symbols: ['KRW-BTC'],
  connection: { url: 'wss://api.upbit.com/websocket/v1', socket_params: {} },
  correlation_id: 'c-1',
};

test('hands a command over as it was meant', async () => {
  const { send, connected } = setUp();
  await send({ ...command, projection: ['close'] });
  expect(connected).toMatchObject([
    { target, symbols: ['KRW-BTC'], url: command.connection.url, projection: ['close'], correlationId: 'c-1' },
  ]);
});

test('a ticket stands in for a correlation id', async () => {
  const { send, connected } = setUp();
  await send({ ...command, correlation_id: undefined, ticket_id: 't-1' });
  expect(connected).toMatchObject([{ correlationId: 't-1', projection: null }]);
});

test.each([
  ['no value', null, 'invalid_schema', /no value/],
  ['no JSON', '{"type":', 'deserialization_error', /not JSON/],
  ['no object', '[1]', 'invalid_schema', /expected/],
  ['a missing field', { ...command, symbols: undefined }, 'invalid_schema', /\/symbols/],
  ['no symbols', { ...command, symbols: [] }, 'invalid_schema', /\/symbols/],
  ['an unknown field', { ...command, speed: 1 }, 'invalid_schema', /speed/],
  [
    'a symbol that is no market code',
    { ...command, symbols: ['KRW-BTC', 'btcusdt'] },
    'invalid_schema',
    /\/symbols\/1/,
  ],
  ['a field that no ticker has', { ...command, projection: ['bid'] }, 'invalid_schema', /\/projection\/0/],
  ['a wrong region', { ...command, target: { ...target, region: 'mars' } }, 'invalid_schema', /\/target\/region/],
])('%s cannot be carried out, and says where', async (_, body, code, message) => {
  const { send, connected, failures } = setUp();
  await expect(send(body)).rejects.toMatchObject({ code, retryable: false, message: expect.stringMatching(message) });
  expect(connected).toEqual([]);
  expect(failures).toHaveLength(1);
});

test('what the orchestrator refuses is reported with its target and passed on', async () => {
  const refusal = new GatewayError('address_not_allowed', 'no');
  const { send, failures } = setUp(() => {
    throw refusal;
  });
  await expect(send(command)).rejects.toBe(refusal);
  expect(failures).toMatchObject([{ error: refusal, target, correlationId: 'c-1' }]);
});

test('a command that outlived its time is dropped and reported', async () => {
  const { send, connected, failures } = setUp();
  await send({ ...command, ttl_ms: 1_000, ts_issue: '2026-01-02T03:04:03Z' });
  expect(connected).toEqual([]);
  expect(failures).toMatchObject([{ error: { code: 'command_expired' }, target, correlationId: 'c-1' }]);
  await send({ ...command, ttl_ms: 3_000, ts_issue: '2026-01-02T03:04:03Z' });
  expect(connected).toHaveLength(1);
});

test('another type or action is none of ours', async () => {
  const { send, connected, failures } = setUp();
  await send({ type: 'status', action: 'dance' });
  await send({ type: 'greeting', action: 'connect_and_subscribe' });
  expect(connected).toEqual([]);
  expect(failures).toEqual([]);
});

test('a disconnect without a connection is no error', async () => {
  const { send, disconnected, failures } = setUp();
  await send({ type: 'status', action: 'disconnect', target, reason: 'enough' });
  expect(disconnected).toEqual(['upbit']);
  expect(failures).toEqual([]);
});
