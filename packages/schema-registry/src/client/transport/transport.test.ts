import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createManualClock, type ManualClock } from '@naru/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSchemaRegistryClient } from '../client.js';
import type { SchemaRegistryClientOptions } from '../options.js';
import type { SchemaRegistryClient } from '../types.js';

type Reply =
  | { readonly status?: number; readonly body?: unknown; readonly headers?: Record<string, string> }
  | 'hang'
  | 'cut';

/** A server that answers from a list, its last entry for ever. */
async function scriptedServer(...script: readonly Reply[]) {
  const requests: IncomingMessage[] = [];
  const server: Server = createServer((request, response) => {
    const reply = script[Math.min(requests.length, script.length - 1)]!;
    requests.push(request);
    arrived();
    if (reply === 'hang') return;
    if (reply === 'cut') {
      request.socket.destroy();
      return;
    }
    response.writeHead(reply.status ?? 200, reply.headers);
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? ['AVRO']));
  });
  let arrived = (): void => {};
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    nextRequest: () => new Promise<void>((resolve) => (arrived = resolve)),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

describe('requests to registries', () => {
  const closers: (() => Promise<void>)[] = [];
  let clock: ManualClock;
  beforeEach(() => {
    clock = createManualClock();
  });
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  async function serve(...script: readonly Reply[]) {
    const server = await scriptedServer(...script);
    closers.push(server.close);
    return server;
  }
  function connect(options: SchemaRegistryClientOptions): SchemaRegistryClient {
    const client = createSchemaRegistryClient({ clock, random: () => 0, retryBaseMs: 0, retryMaxMs: 0, ...options });
    closers.push(() => client.close());
    return client;
  }
  /** Lets every wait of the client end at once. */
  async function settled<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
    let result: PromiseSettledResult<T> | undefined;
    void Promise.allSettled([promise]).then(([outcome]) => (result = outcome));
    while (!result) await clock.advance(0);
    return result;
  }

  const failures: readonly (readonly [string, Reply])[] = [
    ['a connection that is cut', 'cut'],
    ['status 408', { status: 408, body: {} }],
    ['status 429', { status: 429, body: {} }],
    ['status 500', { status: 500, body: {} }],
    ['status 503', { status: 503, body: 'unavailable' }],
  ];

  it.each(failures)('go to the next address after %s', async (_, reply) => {
    const first = await serve(reply);
    const second = await serve({ body: ['AVRO'] });
    const client = connect({ urls: [first.url, second.url], retries: 0 });
    expect(await client.schemaTypes()).toEqual(['AVRO']);
    // And stay there while it answers.
    expect(await client.schemaTypes()).toEqual(['AVRO']);
    expect([first.requests.length, second.requests.length]).toEqual([1, 2]);
  });

  it('go to the next address when nobody listens', async () => {
    const gone = await scriptedServer({});
    await gone.close();
    const second = await serve({ body: ['AVRO'] });
    expect(await connect({ urls: [gone.url, second.url], retries: 0 }).schemaTypes()).toEqual(['AVRO']);
  });

  it.each([400, 401, 403, 404, 409, 422])('stay with the answer when it is %i', async (status) => {
    const first = await serve({ status, body: { error_code: status, message: 'no' } });
    const second = await serve({ body: ['AVRO'] });
    const client = connect({ urls: [first.url, second.url] });
    await expect(client.schemaTypes()).rejects.toMatchObject({ status, retryable: false });
    expect([first.requests.length, second.requests.length]).toEqual([1, 0]);
  });

  it.each(failures)('are repeated after %s', async (_, reply) => {
    const server = await serve(reply, reply, { body: ['AVRO'] });
    const outcome = await settled(connect({ urls: server.url }).schemaTypes());
    expect(outcome).toMatchObject({ status: 'fulfilled', value: ['AVRO'] });
    expect(server.requests).toHaveLength(3);
  });

  it('are repeated as often as "retries" says, over all addresses', async () => {
    const [one, two] = [await serve({ status: 500 }), await serve({ status: 503 })];
    const outcome = await settled(connect({ urls: [one.url, two.url], retries: 2 }).schemaTypes());
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: { code: 'server_error', status: 503, retryable: true },
    });
    expect([one.requests.length, two.requests.length]).toEqual([3, 3]);
  });

  it('wait between repetitions, at least as long as the server asks', async () => {
    const server = await serve({ status: 429, headers: { 'retry-after': '2' } }, { body: ['AVRO'] });
    const client = connect({ urls: server.url, retryMaxMs: 5_000 });
    const answer = client.schemaTypes();
    await server.nextRequest();
    // The timeout of the first request is gone once its answer is in; what is pending then is the wait.
    while (server.requests.length === 1) await clock.advance(500);
    expect(await answer).toEqual(['AVRO']);
    expect(clock.monotonic()).toBeGreaterThanOrEqual(2_000);
  });

  it('that delete are sent once: a repetition would deny what the first one did', async () => {
    const server = await serve('cut');
    await expect(connect({ urls: server.url }).deleteSubject('a')).rejects.toMatchObject({
      code: 'unreachable',
      retryable: true,
    });
    expect(server.requests).toHaveLength(1);
  });

  it('that delete go to another address only when nobody was there to do it', async () => {
    const second = await serve({ body: [1] });
    const broken = await serve('cut');
    await expect(connect({ urls: [broken.url, second.url] }).deleteSubject('a')).rejects.toMatchObject({
      code: 'unreachable',
    });
    expect(second.requests).toHaveLength(0);
    const gone = await scriptedServer({});
    await gone.close();
    expect(await connect({ urls: [gone.url, second.url] }).deleteSubject('a')).toEqual([1]);
  });

  it('end when the timeout is over, while waiting for a token as well', async () => {
    const server = await serve({ body: ['AVRO'] });
    const auth = { token: () => new Promise<string>(() => {}) };
    const answer = connect({ urls: server.url, auth, timeoutMs: 3_000, retries: 0 }).schemaTypes();
    const outcome = Promise.allSettled([answer]);
    await clock.advance(3_000);
    expect((await outcome)[0]).toMatchObject({ reason: { code: 'timeout' } });
    expect(server.requests).toHaveLength(0);
  });

  it('end when the timeout is over', async () => {
    const server = await serve('hang');
    const answer = connect({ urls: server.url, timeoutMs: 3_000, retries: 0 }).schemaTypes();
    const outcome = Promise.allSettled([answer]);
    await server.nextRequest();
    await clock.advance(3_000);
    expect((await outcome)[0]).toMatchObject({
      reason: { code: 'timeout', retryable: true, message: expect.stringContaining('3000 ms') },
    });
  });

  it('end when their signal says so, and leave others waiting', async () => {
    const server = await serve('hang', { body: { schema: '"string"' } });
    const client = connect({ urls: server.url, timeoutMs: 1_000 });
    const abort = new AbortController();
    const impatient = Promise.allSettled([client.schemaById(1, { signal: abort.signal })]);
    const patient = client.schemaById(1);
    await server.nextRequest();
    abort.abort(new Error('no time'));
    expect((await impatient)[0]).toMatchObject({ reason: { code: 'aborted', cause: new Error('no time') } });
    await clock.advance(1_000);
    expect((await settled(patient)).status).toBe('fulfilled');
  });

  it('may share one signal in any number, without a warning of a leak', async () => {
    const server = await serve({ body: ['AVRO'] });
    const warnings: Error[] = [];
    const listen = (warning: Error): void => void warnings.push(warning);
    process.on('warning', listen);
    const client = connect({ urls: server.url });
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 40 }, () => client.schemaTypes({ signal })));
    process.off('warning', listen);
    expect(warnings).toEqual([]);
    expect(server.requests).toHaveLength(40);
  });

  it('end when the client closes', async () => {
    const server = await serve('hang');
    const client = connect({ urls: server.url });
    const outcome = Promise.allSettled([client.schemaTypes()]);
    await server.nextRequest();
    await client.close();
    expect((await outcome)[0]).toMatchObject({ reason: { code: 'closed', retryable: false } });
    await expect(client.latest('a')).rejects.toMatchObject({ code: 'closed' });
    await client.close();
  });

  it('carry the credentials: basic, from the address, bearer, and from a function', async () => {
    const server = await serve({ body: ['AVRO'] });
    const basic = `Basic ${Buffer.from('us er:pä:ss').toString('base64')}`;
    await connect({ urls: server.url, auth: { username: 'us er', password: 'pä:ss' } }).schemaTypes();
    await connect({ urls: server.url.replace('//', '//us%20er:p%C3%A4%3Ass@') }).schemaTypes();
    await connect({ urls: server.url, auth: { token: 'abc' } }).schemaTypes();
    let count = 0;
    const client = connect({ urls: server.url, auth: { token: async () => `token-${++count}` } });
    await client.schemaTypes();
    await client.schemaTypes();
    const sent = server.requests.map(({ headers }) => headers.authorization);
    expect(sent).toEqual([basic, basic, 'Bearer abc', 'Bearer token-1', 'Bearer token-2']);
  });

  it('fail as unauthorized when there is no token', async () => {
    const server = await serve({ body: ['AVRO'] });
    const cause = new Error('the identity provider is away');
    const client = connect({ urls: server.url, auth: { token: () => Promise.reject(cause) } });
    await expect(client.schemaTypes()).rejects.toMatchObject({ code: 'unauthorized', cause });
    expect(server.requests).toHaveLength(0);
  });

  it('never show credentials in an error', async () => {
    const server = await serve({ status: 401, body: { error_code: 401, message: 'Unauthorized' } });
    const url = server.url.replace('//', '//user:secret@');
    const error = await connect({ urls: url })
      .schemaTypes()
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'unauthorized', message: expect.not.stringContaining('secret') });
    expect(() => connect({ urls: 'ftp://user:secret@host' })).toThrow(expect.not.stringContaining('secret'));
  });

  it('keep the path of the address and carry given headers', async () => {
    const server = await serve({ body: ['AVRO'] });
    const client = connect({ urls: `${server.url}/apis/ccompat/v7/`, headers: { 'target-sr-cluster': 'lsrc-1' } });
    await client.schemaTypes();
    expect(server.requests[0]).toMatchObject({
      url: '/apis/ccompat/v7/schemas/types',
      headers: { 'target-sr-cluster': 'lsrc-1' },
    });
  });

  it('refuse answers that are larger than allowed, of another shape, or no JSON', async () => {
    const server = await serve({ body: 'x'.repeat(2_000) }, { body: '<html>' }, { body: { types: [] } });
    const client = connect({ urls: server.url, maxResponseBytes: 1_000, retries: 0 });
    await expect(client.schemaTypes()).rejects.toMatchObject({ code: 'response_too_large' });
    await expect(client.schemaTypes()).rejects.toMatchObject({ code: 'invalid_response' });
    await expect(client.schemaTypes()).rejects.toMatchObject({ code: 'invalid_response' });
  });

  it.each(['.', '..', '', 'line\nbreak', '\ud800'])(
    'refuse the subject %j, which no address can hold',
    async (subject) => {
      const server = await serve({ body: [1] });
      await expect(connect({ urls: server.url }).versions(subject)).rejects.toMatchObject({ code: 'invalid_argument' });
      expect(server.requests).toHaveLength(0);
    },
  );

  it('refuse a schema with rules, which would pass encrypted fields as data', async () => {
    const rules = { domainRules: [{ name: 'encrypt', kind: 'TRANSFORM', type: 'ENCRYPT' }], migrationRules: null };
    const schema = { schema: '"string"', subject: 'a', version: 1, id: 7 };
    const server = await serve(
      { body: { ...schema, ruleSet: rules } },
      { body: { ...schema, ruleSet: { domainRules: [] } } },
    );
    const client = connect({ urls: server.url });
    await expect(client.latest('a')).rejects.toMatchObject({ code: 'rule_set_refused' });
    expect(await client.latest('a')).toMatchObject({ id: 7 });
  });
});

describe('options of the client', () => {
  it.each([
    [{ urls: [] }, /urls is empty/],
    [{ urls: 'localhost:8081' }, /urls has "localhost:8081"/],
    [{ urls: 'http://a?x=1' }, /query/],
    [{ urls: 'http://a', timeoutMs: 0 }, /timeoutMs is 0/],
    [{ urls: 'http://a', retries: -1 }, /retries is -1/],
    [{ urls: 'http://a', maxCached: Number.NaN }, /maxCached is NaN/],
  ])('%j are refused', (options, message) => {
    expect(() => createSchemaRegistryClient(options)).toThrow(
      expect.objectContaining({ code: 'invalid_argument', message: expect.stringMatching(message) }),
    );
  });

  it('take several addresses in one text', async () => {
    const server = await scriptedServer({ body: ['AVRO'] });
    const gone = await scriptedServer({});
    await gone.close();
    await using client = createSchemaRegistryClient({ urls: `${gone.url}, ${server.url}`, retries: 0 });
    expect(await client.schemaTypes()).toEqual(['AVRO']);
    await server.close();
  });
});
