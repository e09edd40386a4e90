import { isSameProcess } from '../process/process-identity.js';
import { waitUntil } from '../process/wait-until.js';
import type { ServerProcess } from '../state/infra-state.js';

/** Ends the servers, and only them: a pid that now belongs to another process is left alone. */
export async function stopServers(servers: readonly ServerProcess[], graceMs = 15_000): Promise<void> {
  await Promise.all(servers.map((server) => stopServer(server, graceMs)));
}

async function stopServer(server: ServerProcess, graceMs: number): Promise<void> {
  const gone = async (): Promise<boolean> => !(await isSameProcess(server));
  if (await gone()) return;
  send(server.pid, 'SIGTERM');
  if (await waitUntil(gone, { timeoutMs: graceMs, intervalMs: 50 })) return;
  send(server.pid, 'SIGKILL');
  await waitUntil(gone, { timeoutMs: 5000, intervalMs: 50 });
}

function send(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
