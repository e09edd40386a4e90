import { expect, test } from 'vitest';
import { storm } from './byte-storm.js';
import { stormSubjects } from './storm-subjects.js';

const payloads = 1_000_000;

test.each(stormSubjects)('$file: a million mutated messages do no harm', ({ schema, samples }) => {
  const report = storm(schema, samples, payloads, 20_241_031);
  expect(report.foreignErrors).toEqual([]);
  // A cost of the bytes themselves, not of the moment: each was measured three times and the least of them counts.
  expect(report.slowestMs).toBeLessThan(50);
  expect(report.mostBytes).toBeLessThan(64 * 1_024 * 1_024);
});
