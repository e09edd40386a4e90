import { randomUUID } from 'node:crypto';
import { describeReal, realServices } from '@naru/test-services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSchemaRegistryClient } from '../client/client.js';
import type { SchemaRegistryClient } from '../client/types.js';
import { createEmbeddedRegistry, type EmbeddedRegistry } from '../testing/index.js';
import { type DirectorySchema, loadSchemas } from './load-schema-directory.js';
import { preflight } from './preflight.js';

const record = (name: string, ...fields: readonly unknown[]): string =>
  JSON.stringify({ type: 'record', name, namespace: 'test.preflight', fields });
const price = { name: 'price', type: 'double' };

function load(
  files: Readonly<Record<string, string>>,
  level = 'BACKWARD',
  prefix = '',
): Promise<readonly DirectorySchema[]> {
  const manifest = Object.keys(files).map((file) => ({
    file,
    subject: `${prefix}${file}-value`,
    compatibility: level,
  }));
  return loadSchemas({
    name: 'test',
    read: async (file) => (file === 'schemas.json' ? JSON.stringify(manifest) : files[file]!),
  });
}

describe('preflight', () => {
  let registry: EmbeddedRegistry;
  let client: SchemaRegistryClient;
  beforeEach(async () => {
    registry = await createEmbeddedRegistry();
    client = createSchemaRegistryClient({ urls: registry.url, missingTtlMs: 0 });
  });
  afterEach(async () => {
    await client.close();
    await registry.close();
  });

  it('registers what is missing when told to, references first, and pins the ids', async () => {
    const schemas = await load({
      batch: record('Batch', { name: 'trades', type: { type: 'array', items: 'Trade' } }),
      trade: record('Trade', price),
    });
    const { ids } = await preflight({ client, schemas, register: true });
    expect([...ids.keys()]).toEqual(['trade-value', 'batch-value']);
    const batch = await client.latest('batch-value');
    expect(batch).toMatchObject({
      id: ids.get('batch-value'),
      references: [{ name: 'test.preflight.Trade', subject: 'trade-value', version: 1 }],
    });
    expect((await preflight({ client, schemas })).ids).toEqual(ids);
  });

  it('registers nothing unless told to, and names every subject that is not ready', async () => {
    const schemas = await load({ one: record('One', price), two: record('Two', price) });
    await expect(preflight({ client, schemas })).rejects.toMatchObject({
      code: 'preflight_failed',
      problems: [
        { subject: 'one-value', message: 'the registry does not have the subject' },
        { subject: 'two-value', message: 'the registry does not have the subject' },
      ],
    });
    expect(await client.subjects()).toEqual([]);
  });

  it('pins the id of an older version while a newer one is out already', async () => {
    const schemas = await load({ tick: record('Tick', price) });
    const { ids } = await preflight({ client, schemas, register: true });
    await client.register('tick-value', record('Tick', price, { name: 'size', type: 'double', default: 0 }));
    expect((await preflight({ client, schemas })).ids).toEqual(ids);
  });

  it('tells a schema that could be registered from one that is incompatible', async () => {
    await preflight({ client, schemas: await load({ tick: record('Tick', price) }), register: true });
    const fits = await load({ tick: record('Tick', price, { name: 'size', type: 'double', default: 0 }) });
    await expect(preflight({ client, schemas: fits })).rejects.toThrow('not registered, but it could be');
    const breaks = await load({ tick: record('Tick', price, { name: 'size', type: 'double' }) });
    for (const register of [false, true]) {
      await expect(preflight({ client, schemas: breaks, register })).rejects.toMatchObject({
        code: 'preflight_failed',
        problems: [
          {
            subject: 'tick-value',
            message: expect.stringContaining('version 1, /fields/1'),
            incompatibilities: [{ kind: 'READER_FIELD_MISSING_DEFAULT_VALUE', direction: 'backward' }],
          },
        ],
      });
    }
  });

  it('reports a subject whose reference is not registered', async () => {
    const schemas = await load({
      batch: record('Batch', { name: 'trade', type: 'Trade' }),
      trade: record('Trade', price),
    });
    await expect(preflight({ client, schemas })).rejects.toMatchObject({
      problems: [{ subject: 'trade-value' }, { subject: 'batch-value', message: expect.stringContaining('refers to') }],
    });
  });

  it('says where a level differs from the declared one, and changes it only when told to', async () => {
    const schemas = await load({ tick: record('Tick', price) }, 'FORWARD');
    const first = await preflight({ client, schemas, register: true });
    expect(first.otherLevels).toEqual([{ subject: 'tick-value', declared: 'FORWARD', actual: 'BACKWARD' }]);
    const second = await preflight({ client, schemas, setCompatibility: true });
    expect(second.otherLevels).toEqual([]);
    expect(await client.compatibilityLevel('tick-value')).toBe('FORWARD');
  });

  it('rejects with what the client says when the registry cannot be asked', async () => {
    const schemas = await load({ tick: record('Tick', price) });
    await using lost = createSchemaRegistryClient({ urls: registry.url, retries: 0 });
    await registry.close();
    await expect(preflight({ client: lost, schemas })).rejects.toMatchObject({ code: 'unreachable' });
  });
});

describeReal('preflight on a real registry', ['registry'], () => {
  it('registers, pins, and refuses what is incompatible, references included', async () => {
    await using client = createSchemaRegistryClient({ urls: realServices.registry!, missingTtlMs: 0 });
    const prefix = `naru-${randomUUID()}-`;
    const trades = { name: 'trades', type: { type: 'array', items: 'Trade' } };
    const schemas = await load({ batch: record('Batch', trades), trade: record('Trade', price) }, 'BACKWARD', prefix);
    await expect(preflight({ client, schemas })).rejects.toMatchObject({ code: 'preflight_failed' });
    const first = await preflight({ client, schemas, register: true, setCompatibility: true });
    expect(first.otherLevels).toEqual([]);
    expect([...first.ids.keys()]).toEqual([`${prefix}trade-value`, `${prefix}batch-value`]);
    expect(await preflight({ client, schemas })).toEqual(first);

    const size = { name: 'size', type: 'double' };
    const breaks = await load({ trade: record('Trade', price, size) }, 'BACKWARD', prefix);
    await expect(preflight({ client, schemas: breaks, register: true })).rejects.toMatchObject({
      problems: [{ message: expect.stringContaining('version 1, /fields/1') }],
    });
  });
});
