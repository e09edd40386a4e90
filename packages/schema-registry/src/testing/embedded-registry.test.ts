import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEmbeddedRegistry, type EmbeddedRegistry } from './embedded-registry.js';

const record = (...fields: readonly unknown[]): string => JSON.stringify({ type: 'record', name: 'Tick', fields });
const price = { name: 'price', type: 'double' };
const size = { name: 'size', type: 'double' };
const sizeWithDefault = { ...size, default: 0 };

describe('embedded registry', () => {
  let registry: EmbeddedRegistry;
  beforeEach(async () => {
    registry = await createEmbeddedRegistry();
  });
  afterEach(() => registry.close());

  /** Plain HTTP, so that nothing of the client can hide a mistake. */
  async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; json: unknown }> {
    const response = await fetch(`${registry.url}${path}`, {
      method,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    expect(response.headers.get('content-type')).toBe('application/vnd.schemaregistry.v1+json');
    return { status: response.status, json: await response.json() };
  }
  const register = (subject: string, schema: string, more: object = {}) =>
    ask('POST', `/subjects/${subject}/versions`, { schema, ...more });
  const failure = (status: number, error_code: number) => ({
    status,
    json: { error_code, message: expect.stringMatching(/./) },
  });

  it('answers as Confluent does: bodies of the main requests', async () => {
    expect(await ask('GET', '/')).toEqual({ status: 200, json: {} });
    expect(await ask('GET', '/subjects')).toEqual({ status: 200, json: [] });
    const guid = expect.stringMatching(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
    expect(await register('t-value', record(price))).toEqual({ status: 200, json: { id: 1, version: 1, guid } });
    const schema = record(price);
    const version = { subject: 't-value', version: 1, id: 1, guid, schema };
    expect(await ask('GET', '/subjects/t-value/versions/latest')).toEqual({ status: 200, json: version });
    expect(await ask('GET', '/subjects/t-value/versions/-1')).toEqual({ status: 200, json: version });
    expect(await ask('POST', '/subjects/t-value', { schema })).toEqual({ status: 200, json: version });
    expect(await ask('GET', '/schemas')).toEqual({ status: 200, json: [version] });
    expect(await ask('GET', '/schemas/ids/1')).toEqual({ status: 200, json: { schema, guid } });
    expect(await ask('GET', '/schemas/ids/1?fetchMaxId=true')).toMatchObject({ json: { maxId: 1 } });
    expect(await ask('GET', '/schemas/ids/1/schema')).toEqual({ status: 200, json: JSON.parse(schema) });
    expect(await ask('GET', '/subjects/t-value/versions/1/schema')).toEqual({ status: 200, json: JSON.parse(schema) });
    expect(await ask('GET', '/schemas/ids/1/subjects')).toEqual({ status: 200, json: ['t-value'] });
    expect(await ask('GET', '/schemas/ids/1/versions')).toEqual({
      status: 200,
      json: [{ subject: 't-value', version: 1 }],
    });
    expect(await ask('GET', '/schemas/types')).toEqual({ status: 200, json: ['AVRO'] });
    expect(await ask('GET', '/contexts')).toEqual({ status: 200, json: ['.'] });
    expect(await ask('GET', '/config')).toEqual({ status: 200, json: { compatibilityLevel: 'BACKWARD' } });
    expect(await ask('PUT', '/config', { compatibility: 'full' })).toEqual({
      status: 200,
      json: { compatibility: 'FULL' },
    });
    expect(await ask('DELETE', '/config')).toEqual({ status: 200, json: { compatibilityLevel: 'FULL' } });
    expect(await ask('GET', '/mode')).toEqual({ status: 200, json: { mode: 'READWRITE' } });
    expect(await ask('DELETE', '/subjects/t-value/versions/1')).toEqual({ status: 200, json: 1 });
  });

  it('finds a schema by its GUID, which another registry gives it as well', async () => {
    const { json } = await register('t-value', record(price));
    const { guid } = json as { guid: string };
    expect(await ask('GET', `/schemas/guids/${guid}`)).toMatchObject({ json: { id: 1, schema: record(price) } });
    await using other = await createEmbeddedRegistry();
    const response = await fetch(`${other.url}/subjects/x/versions`, {
      method: 'POST',
      body: JSON.stringify({ schema: record(price) }),
    });
    expect(await response.json()).toMatchObject({ guid });
  });

  it('takes other spellings of a schema for the same one, and docs for a difference', async () => {
    await register('t-value', record(price));
    const spelled = `{ "fields": [ { "type": {"type": "double"}, "name": "price" } ], "name": "Tick", "type": "record" }`;
    expect(await register('t-value', spelled)).toMatchObject({ json: { id: 1, version: 1 } });
    expect(await register('t-value', record({ ...price, doc: 'in KRW' }))).toMatchObject({
      json: { id: 2, version: 2 },
    });
  });

  it('normalizes the order of aliases and attributes when told to', async () => {
    const one = record({ ...price, aliases: ['a', 'b'], x: 1, y: 2 });
    const other = record({ ...price, y: 2, x: 1, aliases: ['b', 'a'] });
    const post = (subject: string, schema: string, query: string) =>
      ask('POST', `/subjects/${subject}/versions${query}`, { schema });
    expect(await post('plain', one, '')).toMatchObject({ json: { id: 1 } });
    expect(await post('plain', other, '')).toMatchObject({ json: { id: 2 } });
    const first = await post('sorted', one, '?normalize=true');
    expect(await post('sorted', other, '?normalize=true')).toEqual(first);
  });

  it('does not use versions or ids again', async () => {
    await register('t-value', record(price));
    await register('t-value', record(price, sizeWithDefault));
    await ask('DELETE', '/subjects/t-value/versions/2');
    await ask('DELETE', '/subjects/t-value/versions/2?permanent=true');
    expect(await register('other', record(size))).toMatchObject({ json: { id: 3 } });
    await ask('DELETE', '/subjects/t-value');
    expect(await register('t-value', record(price))).toMatchObject({ json: { id: 1, version: 2 } });
  });

  it('shows deleted versions only when asked', async () => {
    await register('t-value', record(price));
    await register('t-value', record(price, sizeWithDefault));
    await ask('DELETE', '/subjects/t-value/versions/1');
    expect((await ask('GET', '/subjects/t-value/versions')).json).toEqual([2]);
    expect((await ask('GET', '/subjects/t-value/versions?deleted=true')).json).toEqual([1, 2]);
    await ask('DELETE', '/subjects/t-value');
    expect((await ask('GET', '/subjects')).json).toEqual([]);
    expect((await ask('GET', '/subjects?deleted=true')).json).toEqual(['t-value']);
    expect((await ask('GET', '/subjects?deletedOnly=true')).json).toEqual(['t-value']);
  });

  it('pages through listings', async () => {
    for (const subject of ['a-1', 'a-2', 'a-3', 'b-1']) await register(subject, record(price));
    expect((await ask('GET', '/subjects?subjectPrefix=a-&offset=1&limit=1')).json).toEqual(['a-2']);
    await register('a-1', record(price, sizeWithDefault));
    const listed = (await ask('GET', '/schemas?subjectPrefix=a-1&latestOnly=true')).json;
    expect(listed).toMatchObject([{ subject: 'a-1', version: 2 }]);
  });

  it('keeps ids apart in contexts', async () => {
    await register('t-value', record(price));
    const staged = encodeURIComponent(':.staging:t-value');
    expect(await register(staged, record(size))).toMatchObject({ json: { id: 1 } });
    expect((await ask('GET', '/contexts')).json).toEqual(['.', '.staging']);
    expect((await ask('GET', '/schemas/ids/1')).json).toMatchObject({ schema: record(price) });
    expect((await ask('GET', `/schemas/ids/1?subject=${staged}`)).json).toMatchObject({ schema: record(size) });
  });

  it('explains a verdict when asked to', async () => {
    await register('t-value', record(price));
    const path = '/compatibility/subjects/t-value/versions/latest';
    const body = { schema: record(price, size) };
    expect((await ask('POST', path, body)).json).toEqual({ is_compatible: false });
    expect((await ask('POST', `${path}?verbose=true`, body)).json).toEqual({
      is_compatible: false,
      messages: [expect.stringContaining("errorType:'READER_FIELD_MISSING_DEFAULT_VALUE'")],
    });
    expect((await ask('POST', '/compatibility/subjects/new/versions/latest', body)).json).toEqual({
      is_compatible: true,
    });
  });

  it('looks at the versions that the level asks for', async () => {
    await ask('PUT', '/config/t-value', { compatibility: 'BACKWARD_TRANSITIVE' });
    await register('t-value', record(price));
    await register('t-value', record(price, sizeWithDefault));
    expect(await register('t-value', record(price, size))).toEqual(failure(409, 409));
    await ask('PUT', '/config/t-value', { compatibility: 'BACKWARD' });
    expect(await register('t-value', record(price, size))).toMatchObject({ json: { version: 3 } });
  });

  it('keeps what others refer to', async () => {
    await register('money', JSON.stringify({ type: 'record', name: 'Money', fields: [price] }));
    const references = [{ name: 'Money', subject: 'money', version: -1 }];
    await register('trade', record({ name: 'paid', type: 'Money' }), { references });
    expect(await ask('GET', '/subjects/trade/versions/1')).toMatchObject({
      json: { references: [{ name: 'Money', subject: 'money', version: 1 }] },
    });
    expect(await ask('DELETE', '/subjects/money')).toEqual(failure(422, 42206));
    expect(await ask('DELETE', '/subjects/money/versions/1')).toEqual(failure(422, 42206));
    await ask('DELETE', '/subjects/trade');
    expect(await ask('DELETE', '/subjects/money')).toEqual({ status: 200, json: [1] });
  });

  it('imports schemas with their ids into empty subjects', async () => {
    expect(await register('t-value', record(price), { id: 42 })).toEqual(failure(422, 42205));
    expect(await ask('PUT', '/mode/t-value', { mode: 'IMPORT' })).toEqual({ status: 200, json: { mode: 'IMPORT' } });
    expect(await register('t-value', record(price))).toEqual(failure(422, 42205));
    expect(await register('t-value', record(price), { id: 42, version: 3 })).toMatchObject({
      json: { id: 42, version: 3 },
    });
    expect(await register('t-value', record(size), { id: 42, version: 4 })).toEqual(failure(422, 42207));
    expect(await ask('PUT', '/mode', { mode: 'IMPORT' })).toEqual(failure(422, 42205));
    expect(await register('other', record(size))).toMatchObject({ json: { id: 43 } });
  });

  it('is read-only when told to be, for all or for one', async () => {
    await register('t-value', record(price));
    await ask('PUT', '/mode/t-value', { mode: 'READONLY' });
    expect(await register('t-value', record(price, sizeWithDefault))).toEqual(failure(422, 42205));
    expect(await ask('DELETE', '/subjects/t-value')).toEqual(failure(422, 42205));
    await ask('PUT', '/mode/t-value', { mode: 'READWRITE' });
    await ask('PUT', '/mode', { mode: 'READONLY_OVERRIDE' });
    expect(await register('t-value', record(price, sizeWithDefault))).toEqual(failure(422, 42205));
  });

  describe('refuses, with the code that Confluent gives,', () => {
    beforeEach(async () => {
      await register('t-value', record(price));
    });
    it.each<[string, string, string, unknown, number, number]>([
      ['an unknown subject', 'GET', '/subjects/no/versions', undefined, 404, 40401],
      ['the latest version of an unknown subject', 'GET', '/subjects/no/versions/latest', undefined, 404, 40401],
      ['looking up in an unknown subject', 'POST', '/subjects/no', { schema: '"int"' }, 404, 40401],
      ['deleting an unknown subject', 'DELETE', '/subjects/no', undefined, 404, 40401],
      ['an unknown version', 'GET', '/subjects/t-value/versions/9', undefined, 404, 40402],
      ['an unknown id', 'GET', '/schemas/ids/9', undefined, 404, 40403],
      ['an id that is no number', 'GET', '/schemas/ids/x', undefined, 404, 40403],
      ['an unknown GUID', 'GET', '/schemas/guids/x', undefined, 404, 40403],
      ['a schema that is not in the subject', 'POST', '/subjects/t-value', { schema: '"int"' }, 404, 40403],
      ['deleting for good what was not deleted', 'DELETE', '/subjects/t-value?permanent=true', undefined, 404, 40405],
      ['the same for a version', 'DELETE', '/subjects/t-value/versions/1?permanent=true', undefined, 404, 40407],
      ['the level of a subject without one', 'GET', '/config/t-value', undefined, 404, 40408],
      ['the mode of a subject without one', 'GET', '/mode/t-value', undefined, 404, 40409],
      ['an empty schema', 'POST', '/subjects/t-value/versions', { schema: '' }, 422, 42201],
      ['what is no schema', 'POST', '/subjects/t-value/versions', { schema: '{"type":"recrd"}' }, 422, 42201],
      [
        'another kind of schema',
        'POST',
        '/subjects/t-value/versions',
        { schema: '{}', schemaType: 'JSON' },
        422,
        42201,
      ],
      [
        'a reference to nothing',
        'POST',
        '/subjects/t-value/versions',
        { schema: '"X"', references: [{ name: 'X', subject: 'x', version: 1 }] },
        422,
        42201,
      ],
      ['version 0', 'GET', '/subjects/t-value/versions/0', undefined, 422, 42202],
      ['a version in words', 'GET', '/subjects/t-value/versions/newest', undefined, 422, 42202],
      ['a level that does not exist', 'PUT', '/config', { compatibility: 'SIDEWAYS' }, 422, 42203],
      ['a mode that does not exist', 'PUT', '/mode', { mode: 'ASLEEP' }, 422, 42204],
      ['a subject with control characters', 'GET', '/subjects/a%0Ab/versions', undefined, 422, 42208],
      ['a body that is not JSON', 'POST', '/subjects/t-value/versions', '{', 400, 400],
      ['a body that is no object', 'POST', '/subjects/t-value/versions', '[]', 422, 422],
      ['a path that does not exist', 'GET', '/nowhere', undefined, 404, 404],
      ['a path that is not encoded', 'GET', '/subjects/%zz/versions', undefined, 400, 400],
      ['a method that the path does not have', 'PUT', '/subjects', {}, 405, 405],
      ['a body that is too large', 'POST', '/subjects/t-value/versions', { schema: 'x'.repeat(1_100_000) }, 413, 413],
    ])('%s', async (_, method, path, body, status, code) => {
      expect(await ask(method, path, body)).toEqual(failure(status, code));
    });

    it('deleting what was deleted', async () => {
      await register('t-value', record(price, sizeWithDefault));
      await ask('DELETE', '/subjects/t-value/versions/1');
      expect(await ask('DELETE', '/subjects/t-value/versions/1')).toEqual(failure(404, 40406));
      await ask('DELETE', '/subjects/t-value');
      expect(await ask('DELETE', '/subjects/t-value')).toEqual(failure(404, 40404));
    });

    it('nesting without end', async () => {
      const schema = `${'{"type":"array","items":'.repeat(5_000)}"int"${'}'.repeat(5_000)}`;
      expect(await register('deep', schema)).toEqual(failure(422, 42201));
    });
  });

  it('holds no more versions than allowed', async () => {
    await using small = await createEmbeddedRegistry({ maxVersions: 1 });
    const post = async (schema: string) => {
      const response = await fetch(`${small.url}/subjects/t/versions`, {
        method: 'POST',
        body: JSON.stringify({ schema }),
      });
      return { status: response.status, json: await response.json() };
    };
    expect(await post('"int"')).toMatchObject({ status: 200 });
    expect(await post('"int"')).toMatchObject({ status: 200 });
    expect(await post('"long"')).toEqual(failure(500, 50001));
  });

  it('survives bytes that are no HTTP', async () => {
    const socket = connect(registry.port, '127.0.0.1');
    socket.end('\u0000\u0001 not http\r\n\r\n');
    await new Promise((resolve) => socket.on('close', resolve).resume());
    expect(await ask('GET', '/subjects')).toMatchObject({ status: 200 });
  });

  it('refuses a level that does not exist, and a port that is taken', async () => {
    await expect(createEmbeddedRegistry({ compatibility: 'SIDEWAYS' as 'NONE' })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
    await expect(createEmbeddedRegistry({ port: registry.port })).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining(`127.0.0.1:${registry.port}`),
    });
  });

  it('closes once, however often it is told to', async () => {
    await Promise.all([registry.close(), registry.close()]);
    await expect(fetch(registry.url)).rejects.toThrow();
  });
});
