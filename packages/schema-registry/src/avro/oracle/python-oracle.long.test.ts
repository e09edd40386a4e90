import { describePython } from '@naru/test-services';
import { expect, it } from 'vitest';
import { compareWithPython } from './compare.js';

describePython(
  "checkReadability beside Avro's Python checker, at length",
  'avro.compatibility',
  'pip install avro==1.11.1',
  (python) => {
    it('agrees on 50,000 generated pairs', async () => {
      const { pairs, compatible, disagreements } = await compareWithPython(python, 50_000, 1);
      console.log(`${pairs} pairs, ${compatible} compatible, ${disagreements.length} disagreements`);
      expect(disagreements).toEqual([]);
      expect(pairs).toBe(50_000);
    });
  },
);
