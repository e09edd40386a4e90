import { expect, it } from 'vitest';
import { createExcludeMatcher } from './build-excludes.js';

it.each([
  ['src/**/*.test.ts', 'src/index.test.ts', true],
  ['src/**/*.test.ts', 'src/deep/er/index.test.ts', true],
  ['src/**/*.test.ts', 'src/index.ts', false],
  ['src/avro/oracle', 'src/avro/oracle/compare.ts', true],
  ['src/avro/oracle', 'src/avro/oracles.ts', false],
  ['./src/clients/**', 'src/clients/kafkajs.ts', true],
  ['src/*.ts', 'src/deep/index.ts', false],
])('%s and %s: %s', (glob, path, expected) => {
  expect(createExcludeMatcher(JSON.stringify({ exclude: [glob] }))(path)).toBe(expected);
});

it('excludes nothing without a configuration', () => {
  expect(createExcludeMatcher(undefined)('src/index.ts')).toBe(false);
});
