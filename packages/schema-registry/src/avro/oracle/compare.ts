import fc from 'fast-check';
import { checkReadability } from '../readability.js';
import { askPython, type PythonAnswer } from './python-checker.js';
import { type SchemaPair, schemaPairs } from './schema-pairs.js';

export interface Comparison {
  readonly pairs: number;
  /** Pairs that we find compatible. */
  readonly compatible: number;
  /** Pairs about which the two do not agree, in verdict or in the set of kinds. */
  readonly disagreements: readonly {
    readonly pair: SchemaPair;
    readonly ours: PythonAnswer;
    readonly python: PythonAnswer;
  }[];
}

/** Generates pairs and compares our verdicts, and the kinds they are founded on, with Python's. */
export async function compareWithPython(python: string, count: number, seed: number): Promise<Comparison> {
  const pairs = fc.sample(schemaPairs(), { numRuns: count, seed });
  const answers = await askPython(python, pairs);
  const ours = pairs.map(ourAnswer);
  const disagreements = pairs
    .map((pair, index) => ({ pair, ours: ours[index]!, python: answers[index]! }))
    .filter((asked) => JSON.stringify(asked.ours) !== JSON.stringify(asked.python));
  return { pairs: answers.length, compatible: ours.filter(({ compatible }) => compatible).length, disagreements };
}

/** Our answer in the form of Python's. */
export function ourAnswer({ reader, writer }: SchemaPair): Exclude<PythonAnswer, { refused: string }> {
  const found = checkReadability({ reader: JSON.stringify(reader), writer: JSON.stringify(writer) });
  const kinds = [...new Set(found.incompatibilities.map(({ kind }) => kind))].sort();
  return { compatible: found.compatible, kinds };
}
