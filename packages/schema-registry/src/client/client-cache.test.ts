import { createManualClock, type ManualClock } from '@naru/core/testing';
import { Agent, type Dispatcher } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEmbeddedRegistry, type EmbeddedRegistry } from '../testing/index.js';
import { createSchemaRegistryClient } from './client.js';
import type { SchemaRegistryClient } from './types.js';

const schema = (...fields: readonly string[]): string =>
  JSON.stringify({ type: 'record', name: 'Tick', fields: fields.map((name) => ({ name, type: 'int', default: 0 })) });

describe('what the client remembers', () => {
  let clock: ManualClock;
  let registry: EmbeddedRegistry;
  let client: SchemaRegistryClient;
  let other: SchemaRegistryClient;
  let dispatcher: Dispatcher;
  let sent: string[];

  beforeEach(async () => {
    clock = createManualClock();
    registry = await createEmbeddedRegistry();
    sent = [];
    dispatcher = new Agent().compose((dispatch) => (options, handler) => {
      sent.push(`${options.method} ${options.path}`);
      return dispatch(options, handler);
    });
    client = createSchemaRegistryClient({
      urls: registry.url,
      dispatcher,
      clock,
      latestTtlMs: 60_000,
      missingTtlMs: 5_000,
    });
    other = createSchemaRegistryClient({ urls: registry.url, missingTtlMs: 0 });
  });
  afterEach(async () => {
    await client.close();
    await other.close();
    await dispatcher.destroy();
    await registry.close();
  });

  it('asks for an id once, however many want it', async () => {
    const { id } = await other.register('t', schema('a'));
    await Promise.all(Array.from({ length: 50 }, () => client.schemaById(id)));
    await clock.advance(1e12);
    await client.schemaById(id);
    expect(sent).toEqual([`GET /schemas/ids/${id}`]);
  });

  it('registers once, and asks again after a refusal', async () => {
    await Promise.all([client.register('t', schema('a')), client.register('t', schema('a'))]);
    await client.register('t', schema('a'));
    expect(sent).toHaveLength(1);
    const incompatible = JSON.stringify({ type: 'record', name: 'Other', fields: [] });
    await expect(client.register('t', incompatible)).rejects.toMatchObject({ code: 'incompatible' });
    await other.setCompatibilityLevel('NONE', 't');
    expect(await client.register('t', incompatible)).toMatchObject({ version: 2 });
  });

  it('believes in the latest version for its time', async () => {
    await other.register('t', schema('a'));
    expect(await client.latest('t')).toMatchObject({ version: 1 });
    await other.register('t', schema('a', 'b'));
    await clock.advance(59_999);
    expect(await client.latest('t')).toMatchObject({ version: 1 });
    await clock.advance(1);
    expect(await client.latest('t')).toMatchObject({ version: 2 });
  });

  it('knows that what it registers itself is the latest', async () => {
    await other.register('t', schema('a'));
    await client.latest('t');
    await client.register('t', schema('a', 'b'));
    expect(await client.latest('t')).toMatchObject({ version: 2 });
  });

  it('believes for a shorter time that something is missing, unless it registers that itself', async () => {
    await expect(client.latest('t')).rejects.toMatchObject({ code: 'subject_not_found' });
    await other.register('t', schema('a'));
    await expect(client.latest('t')).rejects.toMatchObject({ code: 'subject_not_found' });
    await clock.advance(5_000);
    expect(await client.latest('t')).toMatchObject({ version: 1 });

    await expect(client.lookup('u', schema('a'))).rejects.toMatchObject({ code: 'subject_not_found' });
    await client.register('u', schema('a'));
    expect(await client.lookup('u', schema('a'))).toMatchObject({ version: 1 });
  });

  it('knows an id that it was told does not exist when it registers the schema itself', async () => {
    await expect(client.schemaById(1)).rejects.toMatchObject({ code: 'schema_not_found' });
    expect(await client.register('t', schema('a'))).toMatchObject({ id: 1 });
    expect(await client.schemaById(1)).toMatchObject({ schema: schema('a') });
  });

  it('asks once for an id that does not exist, which broken messages may name a thousand times', async () => {
    for (let time = 0; time < 10; time++) {
      await expect(client.schemaById(99)).rejects.toMatchObject({ code: 'schema_not_found' });
    }
    expect(sent).toEqual(['GET /schemas/ids/99']);
  });

  it('forgets what it deletes', async () => {
    await client.register('t', schema('a'));
    await client.latest('t');
    await client.version('t', 1);
    await client.deleteSubject('t');
    for (const ask of [() => client.latest('t'), () => client.version('t', 1), () => client.lookup('t', schema('a'))]) {
      await expect(ask()).rejects.toMatchObject({ code: 'subject_not_found' });
    }
    expect(await client.register('t', schema('a'))).toMatchObject({ version: 2 });
  });

  it('tells subjects apart whose names begin alike', async () => {
    await client.register('t', schema('a'));
    await client.register('t-2', schema('b'));
    await client.latest('t-2');
    sent.length = 0;
    await client.deleteSubject('t');
    await client.latest('t-2');
    expect(sent).toEqual(['DELETE /subjects/t']);
  });
});
