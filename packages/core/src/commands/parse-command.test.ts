import { expect, test } from 'vitest';
import { parseCommand } from './parse-command.js';

const command = {
  type: 'status',
  action: 'connect_and_subscribe',
  target: { exchange: 'upbit', region: 'korea', request_type: 'ticker' },
  symbols: ['KRW-BTC'],
  connection: { url: 'wss://api.upbit.com/websocket/v1', socket_params: [{ ticket: 'x' }] },
};

test('accepts a command with only its required fields', () => {
  expect(parseCommand(command)).toEqual({ ok: true, value: command });
});

test('accepts a command with every field', () => {
  const full = {
    ...command,
    connection: { url: 'ws://127.0.0.1:9001/ws', socket_params: { op: 'subscribe' } },
    projection: null,
    schema_version: '1.0',
    ttl_ms: 5_000,
    routing: { shard: 3 },
    ts_issue: 1_730_336_862_082,
    ts_ingest: '2024-10-31T01:07:42.082Z',
    timestamp: 1_730_336_862.082,
    ticket_id: '0d8f2d3a-5b7e-4a3c-9a54-2f0e0f0c9d11',
    correlation_id: 'order-7',
  };
  expect(parseCommand(full)).toEqual({ ok: true, value: full });
});

test('lists every failing place with what belongs there', () => {
  const parsed = parseCommand({
    type: 'status',
    action: 'connect_and_subscribe',
    target: { exchange: 'Upbit!', region: 'moon', request_type: 'ticker', extra: 1 },
    symbols: [],
    connection: { url: 'http://example.org/', socket_params: 7 },
    projection: [1],
    ttl_ms: 0,
    'a/b~c': true,
  });
  expect(parsed.ok).toBe(false);
  if (parsed.ok) return;
  const byPointer = Object.fromEntries(parsed.failures.map((failure) => [failure.pointer, failure]));
  expect(Object.keys(byPointer).sort()).toEqual([
    '/a~1b~0c',
    '/connection/socket_params',
    '/connection/url',
    '/projection/0',
    '/symbols',
    '/target/exchange',
    '/target/extra',
    '/target/region',
    '/ttl_ms',
  ]);
  expect(byPointer['/target/extra']?.expected).toBe('no such field');
  expect(byPointer['/target/region']).toEqual({
    pointer: '/target/region',
    expected: 'one of "korea", "asia", "na", "eu"',
    actual: 'string "moon"',
  });
  expect(byPointer['/connection/socket_params']?.expected).toBe('object or array');
  expect(byPointer['/ttl_ms']).toEqual({ pointer: '/ttl_ms', expected: 'integer > 0', actual: 'number 0' });
});

test('names each missing field by its own pointer', () => {
  const parsed = parseCommand({ type: 'status', action: 'connect_and_subscribe' });
  expect(parsed.ok).toBe(false);
  if (parsed.ok) return;
  expect(parsed.failures.map((failure) => [failure.pointer, failure.actual])).toEqual([
    ['/target', 'missing'],
    ['/symbols', 'missing'],
    ['/connection', 'missing'],
  ]);
});

test.each([[null], ['text'], [[command]], [7]])('refuses %j, which is no object', (value) => {
  expect(parseCommand(value)).toMatchObject({
    ok: false,
    ignored: false,
    failures: [{ pointer: '', expected: 'object' }],
  });
});

test('leaves messages of other kinds alone', () => {
  expect(parseCommand({ type: 'status', action: 'reboot' })).toMatchObject({
    ok: false,
    ignored: true,
    action: 'reboot',
  });
  expect(parseCommand({ type: 'query', action: 'disconnect' })).toMatchObject({
    ok: false,
    ignored: true,
    type: 'query',
  });
  expect(parseCommand({ type: 'status' })).toMatchObject({ ok: false, ignored: false });
});

test('reads disconnect, with and without its optional fields', () => {
  const disconnect = { type: 'status', action: 'disconnect', target: command.target };
  expect(parseCommand(disconnect)).toEqual({ ok: true, value: disconnect });
  const explained = { ...disconnect, reason: 'maintenance', correlation_id: 'c-1', meta: { by: 'operator' } };
  expect(parseCommand(explained)).toEqual({ ok: true, value: explained });
  expect(parseCommand({ ...disconnect, symbols: ['KRW-BTC'] })).toMatchObject({
    ok: false,
    failures: [{ pointer: '/symbols', expected: 'no such field' }],
  });
});

test('an own "__proto__" field is an unknown field like any other', () => {
  const hostile = JSON.parse(`{"__proto__":{"type":"status"},${JSON.stringify(command).slice(1)}`) as unknown;
  expect(parseCommand(hostile)).toMatchObject({ ok: false, failures: [{ pointer: '/__proto__' }] });
});
