import { expect, test } from 'vitest';
import { storm } from './byte-storm.js';
import { stormSubjects } from './storm-subjects.js';

test.each(stormSubjects)('$file: mutated messages end in a value or in an error of ours', ({ schema, samples }) => {
  const report = storm(schema, samples, 3_000, 1);
  expect(report.foreignErrors).toEqual([]);
  expect(report.accepted).toBeLessThan(report.payloads);
});
