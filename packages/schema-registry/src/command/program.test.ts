import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSchemaRegistryClient } from '../client/client.js';
import { createEmbeddedRegistry, type EmbeddedRegistry } from '../testing/index.js';
import { runSchemasCommand } from './program.js';

const record = (...fields: readonly unknown[]) => ({ type: 'record', name: 'Tick', namespace: 'test.command', fields });
const price = { name: 'price', type: 'double' };
const size = { name: 'size', type: 'double' };
const sizeWithDefault = { ...size, default: 0 };

describe('naru-schemas', () => {
  let cwd: string;
  let registry: EmbeddedRegistry;
  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'naru-schemas-'));
    registry = await createEmbeddedRegistry();
  });
  afterEach(async () => {
    await registry.close();
    await rm(cwd, { recursive: true });
  });

  async function write(
    schema: unknown,
    { dir = 'schemas', compatibility = 'BACKWARD', more = {} } = {},
  ): Promise<void> {
    await mkdir(join(cwd, dir), { recursive: true });
    const manifest = [{ file: 'tick.avsc', subject: 'tick-value', compatibility }];
    const files = { 'schemas.json': manifest, 'tick.avsc': schema, ...more };
    for (const [file, json] of Object.entries(files)) await writeFile(join(cwd, dir, file), JSON.stringify(json));
  }
  async function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
    const texts = { out: '', err: '' };
    const code = await runSchemasCommand(args, {
      cwd,
      out: (text) => (texts.out += `${text}\n`),
      err: (text) => (texts.err += `${text}\n`),
    });
    return { code, ...texts };
  }
  async function json(...args: readonly string[]): Promise<{ code: number; json: unknown }> {
    const { code, out } = await run(...args, '--json');
    return { code, json: JSON.parse(out) };
  }

  describe('check', () => {
    it('accepts a sound directory', async () => {
      await write(record(price));
      expect(await run('check')).toEqual({ code: 0, out: 'valid        tick-value  tick.avsc  BACKWARD\n', err: '' });
    });

    it('exits with 2 when a schema is not valid, and says where', async () => {
      await write(record({ name: 'price' }));
      const { code, err } = await run('check');
      expect(code).toBe(2);
      expect(err).toContain('tick.avsc: The Avro schema is not valid at /fields/0/type');
      expect(await json('check')).toMatchObject({ code: 2, json: { error: { code: 'invalid_schema' } } });
    });

    it('compares with another directory', async () => {
      await write(record(price), { dir: 'old' });
      await write(record(price, size));
      const { code, out } = await run('check', '--against', 'old');
      expect(code).toBe(1);
      expect(out).toBe(
        "incompatible tick-value  tick.avsc  BACKWARD\n  old, backward, /fields/1: READER_FIELD_MISSING_DEFAULT_VALUE: the writer has no field size and the reader's test.command.Tick gives it no default: add one\n",
      );
      await write(record(price, sizeWithDefault));
      expect(await json('check', '--against', 'old')).toMatchObject({
        code: 0,
        json: { compatible: true, subjects: [{ subject: 'tick-value', status: 'compatible' }] },
      });
    });

    it('checks in the direction that schemas.json declares, and shows that it was another', async () => {
      await write(record(price), { dir: 'old' });
      await write(record(price, size), { compatibility: 'FORWARD' });
      expect(await json('check', '--against', 'old')).toMatchObject({
        code: 0,
        json: { subjects: [{ status: 'compatible', level: 'FORWARD', otherLevel: 'BACKWARD' }] },
      });
    });

    it('compares with a revision of the repository', async () => {
      const git = (...args: readonly string[]) =>
        execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], { cwd });
      await write(record(price));
      git('init', '-q');
      git('add', '.');
      git('commit', '-qm', 'first');
      await write(record(price, size));
      expect((await run('check', '--against', 'git:HEAD')).code).toBe(1);
      await write(record(price, sizeWithDefault));
      expect((await run('check', '--against', 'git:HEAD')).code).toBe(0);
      const unknown = await run('check', '--against', 'git:no-such-revision');
      expect(unknown).toMatchObject({ code: 2, err: expect.stringContaining('no-such-revision') });
      expect((await run('check', '--against', 'git:--output=stolen')).code).toBe(2);
    });

    it('compares with every version of a registry that the level looks at', async () => {
      await using client = createSchemaRegistryClient({ urls: registry.url });
      await client.register('tick-value', JSON.stringify(record(price)));
      await client.register('tick-value', JSON.stringify(record(price, sizeWithDefault)));
      await write(record(price, size));
      expect((await run('check', '--against', registry.url)).code).toBe(0);
      await write(record(price, size), { compatibility: 'BACKWARD_TRANSITIVE' });
      expect(await json('check', '--against', registry.url)).toMatchObject({
        code: 1,
        json: { subjects: [{ incompatibilities: [{ against: 'version 1', direction: 'backward' }] }] },
      });
    });
  });

  describe('register', () => {
    it('registers what is missing, and keeps what is there', async () => {
      await write(record(price));
      expect(await json('register', '--registry', registry.url)).toEqual({
        code: 0,
        json: {
          registered: true,
          subjects: [{ subject: 'tick-value', file: 'tick.avsc', action: 'register', id: 1 }],
          otherLevels: [],
        },
      });
      expect((await run('register', '--registry', registry.url)).out).toBe('kept       tick-value  tick.avsc  id 1\n');
    });

    it('changes nothing in a dry run', async () => {
      await write(record(price));
      const dry = await run('register', '--registry', registry.url, '--dry-run', '--set-compatibility');
      expect(dry).toMatchObject({ code: 0, out: 'would register tick-value  tick.avsc\n' });
      await using client = createSchemaRegistryClient({ urls: registry.url });
      expect(await client.subjects()).toEqual([]);
      await expect(client.compatibilityLevel('tick-value')).rejects.toMatchObject({ code: 'config_not_found' });
    });

    it('registers nothing at all when one schema would be refused', async () => {
      await using client = createSchemaRegistryClient({ urls: registry.url });
      await client.register('tick-value', JSON.stringify(record(price)));
      const other = { type: 'record', name: 'Other', fields: [] };
      await write(record(price, size), {
        more: {
          'schemas.json': [
            { file: 'other.avsc', subject: 'other-value', compatibility: 'BACKWARD' },
            { file: 'tick.avsc', subject: 'tick-value', compatibility: 'BACKWARD' },
          ],
          'other.avsc': other,
        },
      });
      for (const dryRun of [[], ['--dry-run']]) {
        const refused = await json('register', '--registry', registry.url, ...dryRun);
        expect(refused).toMatchObject({
          code: 1,
          json: { registered: false, subjects: [{ action: 'register' }, { action: 'refuse' }] },
        });
      }
      expect(await client.subjects()).toEqual(['tick-value']);
    });

    it('mentions other levels, and sets them when told to', async () => {
      await write(record(price), { compatibility: 'FORWARD' });
      const first = await run('register', '--registry', registry.url);
      expect(first.out).toContain('note: tick-value is BACKWARD in the registry and FORWARD in schemas.json');
      await run('register', '--registry', registry.url, '--set-compatibility');
      await using client = createSchemaRegistryClient({ urls: registry.url });
      expect(await client.compatibilityLevel('tick-value')).toBe('FORWARD');
    });
  });

  it('diff shows what changed, in words', async () => {
    await write(record(price, size), { dir: 'old' });
    await write(record({ ...price, type: 'float' }, { name: 'at', type: 'long', doc: 'Unix ms' }));
    expect(await run('diff', '--against', 'old')).toEqual({
      code: 0,
      out: 'changed   tick-value\n  - /fields/size: double\n  ~ /fields/price/type: double → float\n  + /fields/at: long\n',
      err: '',
    });
    expect((await run('diff', '--against', 'schemas')).out).toBe('unchanged tick-value\n');
    expect((await run('diff', '--against', registry.url)).out).toBe('added     tick-value\n');
  });

  it('list shows subjects, and what a registry has of them', async () => {
    await write(record(price));
    expect((await run('list')).out).toBe('tick-value  BACKWARD             tick.avsc\n');
    expect((await run('list', '--registry', registry.url)).out).toContain('not registered');
    await run('register', '--registry', registry.url);
    expect((await run('list', '--registry', registry.url)).out).toContain('version 1, id 1');
  });

  describe('types', () => {
    it('prints types, or writes them to a file', async () => {
      await write(record(price));
      expect((await run('types')).out).toContain('export interface Tick {\n  readonly price: number;\n}');
      expect(await run('types', '--out', 'generated/records.ts')).toMatchObject({ code: 0 });
      expect(await readFile(join(cwd, 'generated/records.ts'), 'utf8')).toContain('export interface Tick {');
    });

    it('says whether the file is current', async () => {
      await write(record(price));
      expect((await run('types', '--out', 'records.ts', '--check')).code).toBe(1);
      await run('types', '--out', 'records.ts');
      expect((await run('types', '--out', 'records.ts', '--check')).code).toBe(0);
      await write(record(price, size));
      const stale = await run('types', '--out', 'records.ts', '--check');
      expect(stale).toMatchObject({ code: 1, out: expect.stringContaining('not current: run') });
    });

    it('takes types for logical types', async () => {
      await write(record({ name: 'raw', type: { type: 'string', logicalType: 'json' } }));
      expect((await run('types', '--logical', 'json=Record<string, unknown>')).out).toContain(
        'readonly raw: Record<string, unknown>;',
      );
    });
  });

  it.each([
    [['frobnicate']],
    [['check', '--frobnicate']],
    [['diff']],
    [['types', '--check']],
    [['check', '--dir', 'no-such-directory']],
    [['check', '--against', 'no-such-directory']],
    [['register', '--registry', 'localhost']],
    [['list', '--registry', 'http://127.0.0.1:1', '--retries', 'many']],
  ])('exits with 2 for %j, and says why', async (args) => {
    await write(record(price));
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).not.toBe('');
  });

  it('exits with 3 when the registry cannot be asked', async () => {
    await write(record(price));
    await registry.close();
    for (const command of [
      ['check', '--against', registry.url],
      ['diff', '--against', registry.url],
      ['register', '--registry', registry.url],
      ['list', '--registry', registry.url],
    ]) {
      expect(await run(...command, '--retries', '0')).toMatchObject({
        code: 3,
        err: expect.stringContaining(registry.url),
      });
    }
    const { json: told } = await json('list', '--registry', registry.url, '--retries', '0');
    expect(told).toMatchObject({ error: { code: 'unreachable' } });
  });

  it('tells machines of wrong arguments as well', async () => {
    expect(await json('diff')).toMatchObject({ code: 2, json: { error: { code: 'usage' } } });
  });

  it('shows help and exits with 0', async () => {
    expect(await run('--help')).toMatchObject({ code: 0, out: expect.stringContaining('Exit codes') });
  });
});
