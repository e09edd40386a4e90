import { spawnSync } from 'node:child_process';
import { describe, it } from 'vitest';

/** A Python that has the module; `NARU_PYTHON` names one, else those that systems usually have are asked. */
function findPython(module: string): string | undefined {
  const candidates = process.env.NARU_PYTHON ? [process.env.NARU_PYTHON] : ['python3', '/usr/bin/python3'];
  return candidates.find((python) => spawnSync(python, ['-c', `import ${module}`]).status === 0);
}

/**
 * A suite that needs a Python module. Without it the suite is skipped under a name that says what is missing; with
 * `NARU_REQUIRE_REAL=1` that is a failure instead.
 */
export function describePython(title: string, module: string, howToGet: string, body: (python: string) => void): void {
  const python = findPython(module);
  if (python !== undefined) {
    describe(title, () => body(python));
    return;
  }
  const name = `${title} [needs a python3 with the module ${module}: ${howToGet}, or set NARU_PYTHON]`;
  if (process.env.NARU_REQUIRE_REAL === '1') {
    it(name, () => {
      throw new Error(name);
    });
    return;
  }
  describe.skip(name, () => body(''));
}
