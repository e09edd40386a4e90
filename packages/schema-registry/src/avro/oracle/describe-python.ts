import { describe, it } from 'vitest';
import { findPython } from './python-checker.js';

/**
 * A suite that asks Avro's Python implementation. Without it the suite is skipped under a name that says what is missing;
 * with `NARU_REQUIRE_REAL=1` that is a failure instead.
 */
export function describePython(title: string, body: (python: string) => void): void {
  const python = findPython();
  if (python !== undefined) {
    describe(title, () => body(python));
    return;
  }
  const name = `${title} [needs a python3 with the avro module: install Debian's python3-avro, or set NARU_PYTHON]`;
  if (process.env.NARU_REQUIRE_REAL === '1') {
    it(name, () => {
      throw new Error(name);
    });
    return;
  }
  describe.skip(name, () => body(''));
}
