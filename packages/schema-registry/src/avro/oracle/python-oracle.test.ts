import { describePython } from '@naru/test-services';
import { expect, it } from 'vitest';
import { compareWithPython, ourAnswer } from './compare.js';
import { knownDisagreements } from './known-disagreements.js';
import { askPython } from './python-checker.js';

describePython(
  "checkReadability beside Avro's Python checker",
  'avro.compatibility',
  'pip install avro==1.11.1',
  (python) => {
    it('agrees on 3,000 generated pairs', async () => {
      const { pairs, compatible, disagreements } = await compareWithPython(python, 3_000, 20_261_123);
      expect(disagreements).toEqual([]);
      expect(pairs).toBe(3_000);
      // A generator that has only one kind of pair proves little.
      expect(compatible / pairs).toBeGreaterThan(0.25);
      expect(compatible / pairs).toBeLessThan(0.75);
    });

    it.each(knownDisagreements)('disagrees, as listed, about $name', async (known) => {
      const answer = (kinds: readonly string[]) => ({ compatible: kinds.length === 0, kinds });
      expect(ourAnswer(known)).toEqual(answer(known.ours));
      expect(await askPython(python, [known])).toEqual([answer(known.python)]);
    });
  },
);
