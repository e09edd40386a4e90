import { spawn } from 'node:child_process';

/** A command that failed, with everything it said. */
export class CommandFailed extends Error {
  override name = 'CommandFailed';
}

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The longest it may take, ms. Default 180,000. */
  readonly timeoutMs?: number;
}

/** Runs a command to its end and answers its standard output; rejects with what it said when it fails. */
export function runCommand(file: string, args: readonly string[], options: CommandOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const { cwd, env, timeoutMs = 180_000 } = options;
    const child = spawn(file, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
    });
    let output = '';
    let all = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      all += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      all += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new CommandFailed(`"${file} ${args.join(' ')}" ended with ${code ?? signal}:\n${all.trim()}`));
    });
  });
}
