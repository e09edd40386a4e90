import { spawnSync } from 'node:child_process';
import { describeUnlessMissing } from './describe-unless-missing.js';

/**
 * A suite that needs a Python with `module`, such as `fastavro`. `howToGet` is a command. The interpreter is
 * `NARU_PYTHON` if that is set, else the first of those that systems usually have.
 */
export function describePython(title: string, module: string, howToGet: string, body: (python: string) => void): void {
  const python = findPython(module);
  const missing = { what: `python3 with ${module}: ${howToGet}`, howToGet: `${howToGet}, or set NARU_PYTHON` };
  describeUnlessMissing(title, python === undefined ? missing : undefined, () => body(python ?? ''));
}

function findPython(module: string): string | undefined {
  const candidates = process.env.NARU_PYTHON ? [process.env.NARU_PYTHON] : ['python3', '/usr/bin/python3'];
  return candidates.find((python) => spawnSync(python, ['-c', `import ${module}`]).status === 0);
}
