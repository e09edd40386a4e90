import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const naru = fileURLToPath(new URL('../../bin/naru.js', import.meta.url));

export interface RunningGateway {
  readonly child: ChildProcess;
  /** Base URL of its operations API. */
  readonly operations: string;
}

/** `naru run` in a process of its own, perhaps not ready yet, with nothing of our environment but the path. */
export function spawnGateway(env: NodeJS.ProcessEnv): ChildProcess {
  const { PATH } = process.env;
  return spawn(process.execPath, [naru, 'run'], {
    env: { PATH, NARU_OPERATIONS_PORT: '0', NARU_LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** The same, ready. */
export async function runGateway(env: NodeJS.ProcessEnv): Promise<RunningGateway> {
  const child = spawnGateway(env);
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  return { child, operations: (JSON.parse(line) as { operations: string }).operations };
}
