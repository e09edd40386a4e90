import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const LIMIT_MS = 120_000;

/**
 * Measures in a process of its own, so that one contestant's compiled code, garbage and timers do not touch another's.
 *
 * @param script URL of the module to run; it gets `task` as JSON in its first argument and prints its result as JSON.
 */
export function measureInChild<T>(script: URL, task: object, limitMs: number = LIMIT_MS): Promise<T> {
  return runForJson<T>(process.execPath, [fileURLToPath(script), JSON.stringify(task)], limitMs);
}

/** Runs a command whose last line of output is JSON. `env` is added to this process's own. */
export function runForJson<T>(
  command: string,
  args: readonly string[],
  limitMs: number = LIMIT_MS,
  env: NodeJS.ProcessEnv = {},
): Promise<T> {
  const options = { timeout: limitMs, maxBuffer: 16 * 1024 * 1024, env: { ...process.env, ...env } };
  return new Promise((resolve, reject) => {
    execFile(command, [...args], options, (error, stdout, stderr) => {
      if (error) {
        reject(new Error(`${command} failed: ${error.message}\n${stderr.slice(-2_000)}`, { cause: error }));
        return;
      }
      const last = stdout.trim().split('\n').at(-1) ?? '';
      try {
        resolve(JSON.parse(last) as T);
      } catch (cause) {
        reject(new Error(`${command} ended with "${last.slice(0, 200)}" instead of JSON.`, { cause }));
      }
    });
  });
}
