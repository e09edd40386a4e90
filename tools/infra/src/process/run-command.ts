import { spawn } from 'node:child_process';

export interface CommandResult {
  /** Null when a signal ended it or it could not be started. */
  readonly code: number | null;
  /** Standard output and error, the last 64 KiB of it. */
  readonly output: string;
}

const keptBytes = 64 * 1024;

/** Runs a program to its end. A program that cannot be started gives code null; it never rejects. */
export function runCommand(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; signal?: AbortSignal; timeoutMs?: number } = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      signal: options.signal,
      timeout: options.timeoutMs,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk: string): void => {
      output = (output + chunk).slice(-keptBytes);
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.once('error', (error) => resolve({ code: null, output: `${output}${error.message}` }));
    child.once('close', (code) => resolve({ code, output }));
  });
}
