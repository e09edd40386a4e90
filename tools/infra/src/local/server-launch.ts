import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Progress } from '../command/progress.js';
import { InfraError } from '../infra-error.js';
import { isSameProcess, processStart } from '../process/process-identity.js';
import { waitUntil } from '../process/wait-until.js';
import type { ServerProcess } from '../state/infra-state.js';

export interface ServerPlan {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly port: number;
  readonly log: string;
  readonly directory: string;
}

/** Starts a server that outlives this process, in a process group of its own so that Ctrl-C does not reach it. */
export async function launchServer(plan: ServerPlan): Promise<ServerProcess> {
  await mkdir(dirname(plan.log), { recursive: true });
  await mkdir(plan.directory, { recursive: true });
  await keepPrevious(plan.log);
  const log = await open(plan.log, 'w');
  try {
    const child = spawn(plan.program, plan.args, {
      cwd: plan.directory,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    await once(child, 'spawn');
    child.unref();
    const startedAt = await processStart(child.pid!);
    if (startedAt === undefined) throw await startFailure(plan.name, plan.log);
    return { name: plan.name, pid: child.pid!, startedAt, port: plan.port, log: plan.log };
  } catch (error) {
    if (error instanceof InfraError) throw error;
    throw new InfraError('start_failed', `${plan.name} could not be started: ${plan.program} does not run.`, error);
  } finally {
    await log.close();
  }
}

/** Waits until the servers answer as one; ends early, with the end of its log, when one of them dies. */
export async function awaitServers(
  title: string,
  servers: readonly ServerProcess[],
  answers: () => Promise<boolean>,
  options: { readonly progress: Progress; readonly signal: AbortSignal; readonly timeoutMs?: number },
): Promise<void> {
  const timeoutMs = options.timeoutMs ?? 120_000;
  await options.progress.step(
    `wait for ${title} on port ${servers.map((server) => server.port).join(', ')}`,
    async () => {
      const answered = await waitUntil(
        async () => {
          for (const server of servers) {
            if (!(await isSameProcess(server))) throw await startFailure(server.name, server.log);
          }
          return answers();
        },
        { timeoutMs, signal: options.signal },
      );
      if (!answered) {
        const logs = servers.map((server) => server.log).join(', ');
        throw new InfraError(
          'start_timeout',
          `${title} did not answer within ${timeoutMs / 1000} s. Read ${logs}, then run this again.`,
        );
      }
    },
  );
}

/** The log of the run before stays, as `kafka-1.previous.log`: after a crash it is what one wants to read. */
async function keepPrevious(log: string): Promise<void> {
  try {
    await rename(log, log.replace(/\.log$/, '.previous.log'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

async function startFailure(name: string, log: string): Promise<InfraError> {
  const text = await readFile(log, 'utf8').catch(() => '');
  const tail = text.trim().split('\n').slice(-15).join('\n');
  return new InfraError('start_failed', `${name} ended while it was starting. The end of ${log}:\n${tail}`);
}
