import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSchemaDirectory } from './load-schema-directory.js';

describe('loadSchemaDirectory', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'naru-schemas-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  async function write(files: Readonly<Record<string, unknown>>): Promise<void> {
    for (const [file, content] of Object.entries(files)) {
      await mkdir(dirname(join(dir, file)), { recursive: true });
      await writeFile(join(dir, file), typeof content === 'string' ? content : JSON.stringify(content));
    }
  }
  const entry = (name: string) => ({ file: `${name}.avsc`, subject: `${name}-value`, compatibility: 'BACKWARD' });
  const record = (name: string, ...types: readonly unknown[]) => ({
    type: 'record',
    name,
    namespace: 'test.dir',
    fields: types.map((type, index) => ({ name: `f${index}`, type })),
  });

  it('maps files to subjects and levels, and keeps the text as it stands in the file', async () => {
    const text = '{\n  "type": "record", "name": "Tick", "doc": "kept", "fields": []\n}\n';
    await write({
      'schemas.json': [{ file: 'tick.avsc', subject: 'tick-data-value', compatibility: 'FORWARD', topic: 'ticks' }],
      'tick.avsc': text,
    });
    const [tick] = await loadSchemaDirectory(dir);
    expect(tick).toMatchObject({
      file: 'tick.avsc',
      subject: 'tick-data-value',
      compatibility: 'FORWARD',
      schema: text,
    });
    expect(tick!.references).toEqual([]);
  });

  it('orders files so that each comes after those it refers to', async () => {
    await write({
      'schemas.json': ['batch', 'trade', 'money'].map(entry),
      'batch.avsc': record('Batch', { type: 'array', items: 'Trade' }, ['null', 'test.dir.Money']),
      'trade.avsc': record('Trade', 'test.dir.Money'),
      'money.avsc': record('Money', 'double'),
    });
    const schemas = await loadSchemaDirectory(dir);
    expect(schemas.map(({ file }) => file)).toEqual(['money.avsc', 'trade.avsc', 'batch.avsc']);
    expect(schemas[2]!.references).toEqual([
      { name: 'test.dir.Trade', subject: 'trade-value' },
      { name: 'test.dir.Money', subject: 'money-value' },
    ]);
    expect([...schemas[2]!.parsed.defined.keys()]).toEqual(['test.dir.Batch']);
  });

  it('takes a type from the file itself when another file has one of the same name', async () => {
    const side = { type: 'enum', name: 'Side', symbols: ['BUY', 'SELL'] };
    await write({
      'schemas.json': ['a', 'b'].map(entry),
      'a.avsc': record('A', side, 'Side'),
      'b.avsc': record('B', side, 'Side'),
    });
    const schemas = await loadSchemaDirectory(dir);
    expect(schemas.map(({ references }) => references)).toEqual([[], []]);
  });

  it.each([
    [
      'a circle of references',
      'cyclic_reference',
      /a\.avsc → b\.avsc → a\.avsc/,
      { 'schemas.json': ['a', 'b'].map(entry), 'a.avsc': record('A', 'B'), 'b.avsc': record('B', 'A') },
    ],
    [
      'a type that two other files define',
      'invalid_directory',
      /c\.avsc uses test\.dir\.X, which a\.avsc and b\.avsc define/,
      {
        'schemas.json': ['a', 'b', 'c'].map(entry),
        'a.avsc': record('A', record('X')),
        'b.avsc': record('B', record('X')),
        'c.avsc': record('C', 'X'),
      },
    ],
    [
      'a type that nobody defines',
      'invalid_schema',
      /a\.avsc: .*\/fields\/0\/type.*"Nowhere"/,
      { 'schemas.json': [entry('a')], 'a.avsc': record('A', 'Nowhere') },
    ],
    [
      'an .avsc file without subject',
      'invalid_directory',
      /b\.avsc is not in schemas\.json/,
      { 'schemas.json': [entry('a')], 'a.avsc': record('A'), 'b.avsc': record('B') },
    ],
    ['a file that is missing', 'source_unreadable', /a\.avsc cannot be read/, { 'schemas.json': [entry('a')] }],
    ['a directory without schemas.json', 'source_unreadable', /schemas\.json/, {}],
    ['a schemas.json that is not JSON', 'invalid_directory', /is not JSON/, { 'schemas.json': '[' }],
    ['a schemas.json that is no array', 'invalid_directory', /is not an array/, { 'schemas.json': {} }],
    [
      'one subject for two files',
      'invalid_directory',
      /subject "a-value" twice/,
      {
        'schemas.json': [entry('a'), { ...entry('b'), subject: 'a-value' }],
        'a.avsc': record('A'),
        'b.avsc': record('B'),
      },
    ],
    [
      'a level that does not exist',
      'invalid_directory',
      /"compatibility" for a\.avsc/,
      { 'schemas.json': [{ ...entry('a'), compatibility: 'SIDEWAYS' }], 'a.avsc': record('A') },
    ],
    [
      'a file outside the directory',
      'invalid_directory',
      /"file" at \/0/,
      { 'schemas.json': [{ ...entry('a'), file: '../a.avsc' }] },
    ],
  ])('refuses %s', async (_, code, message, files) => {
    await write(files);
    await expect(loadSchemaDirectory(dir)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});
