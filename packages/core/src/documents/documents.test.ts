import { readdirSync, readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createTopicNames, topicNames } from '../topics/topic-names.js';
import { createAsyncApiDocument } from './asyncapi-document.js';
import { channels } from './channels.js';
import { documentFiles } from './document-files.js';

const folder = new URL('../../generated/', import.meta.url);

test('the generated files are current; "pnpm --filter @naru/core generate" writes them anew', () => {
  const expected = documentFiles();
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(fileURLToPath(folder), `${entry.parentPath}/${entry.name}`).replaceAll(sep, '/'));
  expect(found.sort()).toEqual(Object.keys(expected).sort());
  for (const [path, text] of Object.entries(expected)) {
    expect(readFileSync(new URL(path, folder), 'utf8'), path).toBe(text);
  }
});

test('every topic has a channel, and every reference leads somewhere', () => {
  expect(channels.map((channel) => channel.topic).sort()).toEqual(Object.keys(topicNames).sort());
  const document = createAsyncApiDocument();
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1]!);
  expect(references.length).toBeGreaterThan(40);
  for (const reference of references) {
    const found = reference
      .split('/')
      .reduce<unknown>((here, step) => (here as Record<string, unknown>)?.[step], document);
    expect(found, reference).toBeTypeOf('object');
  }
});

test('follows topics that were given other names', () => {
  const document = createAsyncApiDocument({ topics: createTopicNames({ ticker: 'blue.ticker', error: 'blue.error' }) });
  expect(document.channels).toMatchObject({
    ticker: { address: 'blue.ticker.{region}', parameters: { region: { enum: ['korea', 'asia', 'na', 'eu'] } } },
    error: { address: 'blue.error' },
  });
});

test('says which messages are Avro', () => {
  const { components } = createAsyncApiDocument() as {
    components: { messages: Record<string, { contentType: string }> };
  };
  expect(components.messages.TickerBatch?.contentType).toBe('application/vnd.apache.avro');
  expect(components.messages.ErrorEvent?.contentType).toBe('application/json');
});
