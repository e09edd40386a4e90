import { expect, test } from 'vitest';
import { completeConfig } from '../../../config/complete-config.js';
import { shownConfig } from '../../../config/shown-config.js';
import { embeddedWords } from './embedded-words.js';

const shown = (servers: Parameters<typeof completeConfig>[0]) => embeddedWords(shownConfig(completeConfig(servers)));

test('what is embedded is named as not for production, as /config tells it', () => {
  expect(shown({})).toMatch(/^Not for production: Kafka, schema registry, connection state are embedded/);
  expect(shown({ kafka: { brokers: ['k:9092'] }, registry: { url: 'http://r' } })).toMatch(
    /^Not for production: connection state is embedded/,
  );
});

test('with real servers there is no such line', () => {
  const real = { kafka: { brokers: ['k:9092'] }, registry: { url: 'http://r' }, redis: { url: 'redis://c' } };
  expect(shown(real)).toBeNull();
});
