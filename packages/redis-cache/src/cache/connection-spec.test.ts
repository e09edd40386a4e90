import { describe, expect, test } from 'vitest';
import { decodeSpec, encodeSocketParams, encodeSpec, type StoredConnection } from './connection-spec.js';

const scope = { exchange: 'upbit', region: 'korea', request_type: 'ticker' };
const spec = { url: 'wss://h/', symbols: ['KRW-BTC'] };

/** An entry as the package writes it. */
const fields: Readonly<Record<string, string>> = {
  exchange: 'upbit',
  region: 'korea',
  request_type: 'ticker',
  url: 'wss://h/',
  status: 'connected',
  connection_id: 'c1',
  created_at: '1',
  last_active: '2',
  socket_params: '{"a":1}',
  symbol_count: '2',
};
const stored: StoredConnection = { fields, symbols: ['KRW-ETH', 'KRW-BTC'], expiresInMs: 0 };

describe('what is written', () => {
  test('has defaults, and each symbol once', () => {
    expect(encodeSpec({ ...spec, symbols: ['KRW-ETH', 'KRW-BTC', 'KRW-ETH'] })).toEqual({
      fields: { url: 'wss://h/', status: 'connecting', socket_params: '{}' },
      symbols: ['KRW-ETH', 'KRW-BTC'],
    });
  });

  test('has all that was said', () => {
    const all = {
      ...spec,
      status: 'disconnected',
      connectionId: 'c1',
      startedAtMs: 0,
      projection: ['price'],
      correlationId: 'k',
      socketParams: [{ ticket: 'x' }],
    } as const;
    expect(encodeSpec(all).fields).toEqual({
      url: 'wss://h/',
      status: 'disconnected',
      connection_id: 'c1',
      created_at: '0',
      projection: '["price"]',
      correlation_id: 'k',
      socket_params: '[{"ticket":"x"}]',
    });
  });

  test('may be as long as its limits', () => {
    encodeSpec({
      url: `wss://${'h'.repeat(2_041)}/`,
      symbols: ['s'.repeat(64)],
      connectionId: 'c'.repeat(128),
      correlationId: 'k'.repeat(256),
      projection: Array.from({ length: 100 }, (_, at) => `f${at}`.padEnd(64, 'x')),
    });
    expect(encodeSpec({ ...spec, symbols: Array.from({ length: 10_000 }, (_, at) => `s${at}`) }).symbols).toHaveLength(
      10_000,
    );
    expect(encodeSocketParams(['x'.repeat(65_532)])).toHaveLength(65_536);
  });

  test.each<[object, string]>([
    [{ url: `wss://${'h'.repeat(2_042)}/` }, 'url is "wss://h'],
    [{ url: 'upbit' }, 'url is "upbit"; it must be an absolute URL of at most 2,048 characters'],
    [{ url: new URL('wss://h/') }, 'url is wss://h/'],
    [{ symbols: 'KRW-BTC' }, 'symbols is "KRW-BTC"; it must be at most 10000'],
    [{ symbols: Array.from({ length: 10_001 }, (_, at) => `s${at}`) }, 'symbols is "10001 symbols"'],
    [{ symbols: [''] }, 'symbols[] is ""; it must be a text of 1 to 64 characters'],
    [{ symbols: ['s'.repeat(65)] }, 'symbols[] is "sss'],
    [{ symbols: [['KRW-BTC']] }, 'symbols[] is KRW-BTC'],
    [{ status: 'open' }, 'status is "open"; it must be one of connected, connecting, disconnected'],
    [{ status: ['connected'] }, 'status is connected'],
    [{ connectionId: '' }, 'connectionId is ""; it must be a text of 1 to 128 characters'],
    [{ connectionId: 'c'.repeat(129) }, 'connectionId is "ccc'],
    [{ connectionId: ['c'] }, 'connectionId is c'],
    [{ correlationId: '' }, 'correlationId is ""; it must be a text of 1 to 256 characters'],
    [{ correlationId: 'k'.repeat(257) }, 'correlationId is "kkk'],
    [{ correlationId: ['k'] }, 'correlationId is k'],
    [{ projection: ['f'.repeat(65)] }, 'projection is "object"; it must be a list of at most 100 texts'],
    [{ projection: [''] }, 'projection is'],
    [{ projection: [1] }, 'projection is'],
    [{ projection: [['price']] }, 'projection is'],
    [{ projection: 'price' }, 'projection is "string"'],
    [{ projection: Array.from({ length: 101 }, () => 'f') }, 'projection is'],
    [{ startedAtMs: 0.5 }, 'startedAtMs is 0.5'],
    [{ startedAtMs: -1 }, 'startedAtMs is -1'],
    [{ socketParams: 'text' }, 'socketParams is "string"; it must be an object or array of at most 64 KiB'],
    [{ socketParams: { toJSON: () => undefined } }, 'socketParams is "object"'],
    [{ socketParams: ['x'.repeat(65_533)] }, 'socketParams is "object"'],
    [{ socketParams: ['ä'.repeat(32_767)] }, 'socketParams is "object"'],
    [{ socketParams: () => {} }, 'socketParams is "function"'],
  ])('refuses %o', (wrong, message) => {
    let caught: unknown;
    try {
      encodeSpec({ ...spec, ...wrong } as typeof spec);
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ code: 'invalid_argument', message: expect.stringContaining(message) });
    expect((caught as Error).message.startsWith(message)).toBe(true);
  });

  test('refuses parameters that are null, or that go in circles, with the reason', () => {
    expect(() => encodeSocketParams(null as unknown as [])).toThrow('socketParams is "object"');
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    let caught: unknown;
    try {
      encodeSocketParams(circle);
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({
      code: 'invalid_argument',
      message: 'socketParams cannot be written as JSON. Pass plain data without cycles.',
      cause: expect.any(TypeError),
    });
  });
});

describe('what is read', () => {
  test('is what was written, symbols in order', () => {
    const all = { ...fields, owner_token: '7', projection: '["price"]', correlation_id: 'k' };
    expect(decodeSpec(scope, { ...stored, fields: all })).toEqual({
      ...scope,
      url: 'wss://h/',
      symbols: ['KRW-BTC', 'KRW-ETH'],
      socketParams: { a: 1 },
      projection: ['price'],
      correlationId: 'k',
      status: 'connected',
      connectionId: 'c1',
      startedAtMs: 1,
      lastActiveMs: 2,
      ownerToken: 7,
      expiresInMs: 0,
    });
    const bare = decodeSpec(scope, stored);
    expect([bare.projection, 'correlationId' in bare, 'ownerToken' in bare]).toEqual([null, false, false]);
  });

  test.each<[string, string | undefined, string]>([
    ['exchange', 'bithumb', 'the exchange of another scope'],
    ['region', 'asia', 'the region of another scope'],
    ['request_type', 'trade', 'the request_type of another scope'],
    ['exchange', undefined, 'no exchange'],
    ['status', 'open', 'an unknown status'],
    ['status', '', 'no status'],
    ['url', undefined, 'no url'],
    ['connection_id', '', 'no connection_id'],
    ['created_at', 'yesterday', 'a created_at that is not a whole number'],
    ['created_at', '1.5', 'a created_at that is not a whole number'],
    ['last_active', '-1', 'a last_active that is not a whole number'],
    ['owner_token', 'x', 'a owner_token that is not a whole number'],
    ['socket_params', '{', 'socket_params that are not JSON'],
    ['socket_params', '3', 'socket_params of a wrong type'],
    ['socket_params', 'null', 'socket_params of a wrong type'],
    ['projection', '{', 'a projection that is not JSON'],
    ['projection', '[1]', 'a projection of a wrong type'],
    ['symbol_count', '3', 'lost some of its symbols'],
  ])('a damaged %s, %s, is told', (name, value, what) => {
    const { [name]: _, ...others } = fields;
    const damaged = { ...others, ...(value === undefined ? {} : { [name]: value }) };
    let caught: unknown;
    try {
      decodeSpec(scope, { ...stored, fields: damaged });
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({
      code: 'damaged_value',
      message: `The cached connection upbit/korea/ticker has ${what}. Write it again or remove it.`,
    });
  });

  test('says why JSON was not readable, and that an entry without expiry is not ours', () => {
    let caught: unknown;
    try {
      decodeSpec(scope, { ...stored, fields: { ...fields, socket_params: '{' } });
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ cause: expect.any(SyntaxError) });
    expect(() => decodeSpec(scope, { ...stored, expiresInMs: -1 })).toThrow('has no expiry');
  });
});
