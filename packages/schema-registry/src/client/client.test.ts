import { randomUUID } from 'node:crypto';
import { describeReal, realServices } from '@naru/test-services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmbeddedRegistry, type EmbeddedRegistry } from '../testing/index.js';
import { createSchemaRegistryClient } from './client.js';
import { createSchemaSource } from './schema-source.js';
import type { SchemaRegistryClient } from './types.js';

const record = (name: string, ...fields: readonly unknown[]): string =>
  JSON.stringify({ type: 'record', name, namespace: 'test.client', fields });
const price = { name: 'price', type: 'double' };
const size = { name: 'size', type: 'double' };
const sizeOrNothing = { name: 'size', type: ['null', 'double'], default: null };

/** Where registries that speak Confluent's API differ from Confluent's own. */
interface Dialect {
  /** Says why a schema is incompatible when asked for a verdict. */
  readonly explains: boolean;
  /** Tells a subject without a level of its own from one that has the global level. */
  readonly knowsUnsetLevels: boolean;
  /** Has `/mode`, `/schemas` and `/schemas/ids/{id}/subjects`. */
  readonly hasModesAndListings: boolean;
}

const confluent: Dialect = { explains: true, knowsUnsetLevels: true, hasModesAndListings: true };
/** Apicurio 3.0, `/apis/ccompat/v7`. */
const apicurio: Dialect = { explains: false, knowsUnsetLevels: false, hasModesAndListings: false };

/** What holds for every registry; each test takes subjects of its own, as real registries keep theirs. */
function clientSuite(dialect: Dialect, urlOf: () => string): void {
  let client: SchemaRegistryClient;
  beforeAll(() => {
    client = createSchemaRegistryClient({ urls: urlOf(), missingTtlMs: 0 });
  });
  afterAll(() => client.close());
  const newSubject = (): string => `naru-${randomUUID()}-value`;

  it('registers a schema and reads it back by id, as latest, by version and by look-up', async () => {
    const subject = newSubject();
    const schema = record('Ticker', price);
    const { id } = await client.register(subject, schema);
    expect(JSON.parse((await client.schemaById(id)).schema)).toEqual(JSON.parse(schema));
    const latest = await client.latest(subject);
    expect(latest).toMatchObject({ id, subject, version: 1, schemaType: 'AVRO', references: [] });
    expect(await client.version(subject, 1)).toMatchObject({ id, version: 1 });
    expect(await client.lookup(subject, schema)).toMatchObject({ id, subject, version: 1 });
    expect(await client.versions(subject)).toEqual([1]);
    expect(JSON.parse(await client.schemaText(id))).toEqual(JSON.parse(schema));
    expect(await client.subjects()).toContain(subject);
  });

  it('gives one schema one id, in every subject and however often it is registered', async () => {
    const schema = record(`Ticker${randomUUID().replaceAll('-', '')}`, price);
    const [one, other] = [newSubject(), newSubject()];
    const first = await client.register(one, schema);
    await using fresh = createSchemaRegistryClient({ urls: urlOf() });
    expect((await fresh.register(one, schema)).id).toBe(first.id);
    expect((await client.register(other, schema)).id).toBe(first.id);
    const versions = await client.versionsOf(first.id);
    expect(versions).toHaveLength(2);
    expect(versions).toContainEqual({ subject: one, version: 1 });
    expect(versions).toContainEqual({ subject: other, version: 1 });
  });

  it('says what is not there: subjects, versions, ids, schemas', async () => {
    const subject = newSubject();
    await expect(client.latest(subject)).rejects.toMatchObject({ status: 404, code: 'subject_not_found' });
    await expect(client.versions(subject)).rejects.toMatchObject({ code: 'subject_not_found' });
    await expect(client.schemaById(2_000_000_000)).rejects.toMatchObject({ code: 'schema_not_found' });
    await client.register(subject, record('Ticker', price));
    await expect(client.version(subject, 7)).rejects.toMatchObject({ code: 'version_not_found' });
    await expect(client.lookup(subject, record('Ticker', size))).rejects.toMatchObject({ code: 'schema_not_found' });
  });

  it('refuses what is no schema', async () => {
    await expect(client.register(newSubject(), '{"type":"record"}')).rejects.toMatchObject({
      code: 'invalid_schema',
      status: 422,
      errorCode: 42201,
      retryable: false,
    });
  });

  it('refuses an incompatible schema and leaves the level alone', async () => {
    const subject = newSubject();
    await client.register(subject, record('Ticker', price));
    await client.setCompatibilityLevel('BACKWARD', subject);
    await expect(client.register(subject, record('Ticker', price, size))).rejects.toMatchObject({
      code: 'incompatible',
      status: 409,
    });
    expect(await client.compatibilityLevel(subject)).toBe('BACKWARD');
    expect(await client.versions(subject)).toEqual([1]);
    await client.register(subject, record('Ticker', price, sizeOrNothing));
    expect(await client.latest(subject)).toMatchObject({ version: 2 });
  });

  it('asks for a verdict without registering', async () => {
    const subject = newSubject();
    await client.register(subject, record('Ticker', price));
    await client.setCompatibilityLevel('BACKWARD', subject);
    const refused = await client.checkCompatibility(subject, record('Ticker', price, size));
    expect(refused.compatible).toBe(false);
    expect(refused.messages.length > 0).toBe(dialect.explains);
    const accepted = await client.checkCompatibility(subject, record('Ticker', price, sizeOrNothing), {
      version: 'latest',
    });
    expect(accepted.compatible).toBe(true);
    expect(await client.versions(subject)).toEqual([1]);
  });

  it('sets, reads and clears levels of subjects', async () => {
    const subject = newSubject();
    await client.register(subject, record('Ticker', price));
    const unset = client.compatibilityLevel(subject);
    if (dialect.knowsUnsetLevels) await expect(unset).rejects.toMatchObject({ code: 'config_not_found' });
    else expect(await unset).toBe(await client.compatibilityLevel());
    await client.setCompatibilityLevel('FULL_TRANSITIVE', subject);
    expect(await client.compatibilityLevel(subject)).toBe('FULL_TRANSITIVE');
    await client.clearCompatibilityLevel(subject);
    const effective = await client.compatibilityLevel(subject, { defaultToGlobal: true });
    expect(effective).toBe(await client.compatibilityLevel());
  });

  it('registers references and gathers their texts in order', async () => {
    const [money, trade, batch] = [newSubject(), newSubject(), newSubject()];
    const moneyText = record('Money', price);
    const tradeText = record('Trade', { name: 'paid', type: 'test.client.Money' });
    const batchText = record('Batch', { name: 'items', type: { type: 'array', items: 'test.client.Trade' } });
    await client.register(money, moneyText);
    await client.register(trade, {
      schema: tradeText,
      references: [{ name: 'test.client.Money', subject: money, version: 1 }],
    });
    const { id } = await client.register(batch, {
      schema: batchText,
      references: [{ name: 'test.client.Trade', subject: trade, version: 1 }],
    });
    const found = await client.schemaById(id);
    const texts = await client.referencedTexts(found);
    expect(texts.map((text) => JSON.parse(text).name)).toEqual(['Money', 'Trade']);
    expect(await createSchemaSource(client).byId(id)).toEqual({ schema: found.schema, references: texts });
    const referrers = await client.referencedBy(trade, 1);
    expect(referrers).toEqual([id]);
  });

  it('deletes versions and subjects softly first, then for good', async () => {
    const subject = newSubject();
    await client.register(subject, record('Ticker', price));
    await client.register(subject, record('Ticker', price, sizeOrNothing));
    expect(await client.deleteVersion(subject, 1)).toBe(1);
    expect(await client.versions(subject)).toEqual([2]);
    expect(await client.deleteSubject(subject)).toEqual([2]);
    await expect(client.latest(subject)).rejects.toMatchObject({ status: 404 });
    expect(await client.deleteSubject(subject, { permanent: true })).toContain(2);
    await expect(client.versions(subject)).rejects.toMatchObject({ code: 'subject_not_found' });
  });

  it('encodes subjects: slashes, spaces, percent signs, colons and other scripts', async () => {
    for (const name of ['a/b c', '100%?x=1&y#z', 'ns:name', '시세-값']) {
      const subject = `${newSubject()}${name}`;
      const { id } = await client.register(subject, record('Ticker', price));
      expect(await client.latest(subject)).toMatchObject({ subject, id });
    }
  });

  it('knows its types and contexts', async () => {
    expect(await client.schemaTypes()).toContain('AVRO');
    expect((await client.contexts()).length).toBeGreaterThan(0);
  });

  it('lists schemas and subjects of an id, and reads and sets modes, or says that the registry cannot', async () => {
    const subject = newSubject();
    const { id } = await client.register(subject, record(`Only${randomUUID().replaceAll('-', '')}`, price));
    if (!dialect.hasModesAndListings) {
      for (const ask of [() => client.subjectsOf(id), () => client.schemas(), () => client.mode()]) {
        await expect(ask()).rejects.toMatchObject({ code: 'not_found', status: 404 });
      }
      return;
    }
    expect(await client.subjectsOf(id)).toEqual([subject]);
    expect(await client.schemas({ subjectPrefix: subject })).toMatchObject([{ subject, id, version: 1 }]);
    expect(await client.mode()).toBe('READWRITE');
    await client.setMode('READONLY', subject);
    expect(await client.mode(subject)).toBe('READONLY');
    await expect(client.register(subject, record('Other', price))).rejects.toMatchObject({
      code: 'operation_not_permitted',
    });
    await client.clearMode(subject);
    expect(await client.mode(subject, { defaultToGlobal: true })).toBe('READWRITE');
    await expect(client.mode(subject)).rejects.toMatchObject({ code: 'mode_not_found' });
  });
}

describe('client on the embedded registry', () => {
  let registry: EmbeddedRegistry;
  beforeAll(async () => {
    registry = await createEmbeddedRegistry();
  });
  afterAll(() => registry.close());
  clientSuite(confluent, () => registry.url);
});

describeReal('client on a real registry', ['registry'], () => {
  const url = realServices.registry ?? '';
  clientSuite(url.includes('/ccompat/') ? apicurio : confluent, () => url);
});
