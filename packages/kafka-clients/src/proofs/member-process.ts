import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A member of a group in a process of its own; `test-processes/group-member.mjs` says what it prints. */
export function startMember(options: object): ChildProcess {
  const script = fileURLToPath(new URL('../../test-processes/group-member.mjs', import.meta.url));
  return spawn(process.execPath, [script, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Lets it leave. */
export function endMember(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) resolve();
    else child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
