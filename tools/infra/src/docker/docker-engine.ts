import { runCommand } from '../process/run-command.js';

/** Whether a Docker engine answers, with the compose plugin beside it. A client without an engine does not count. */
export async function dockerAnswers(signal?: AbortSignal): Promise<boolean> {
  const ask = async (...args: string[]): Promise<boolean> =>
    (await runCommand('docker', args, { signal, timeoutMs: 5000 })).code === 0;
  return (await ask('info')) && (await ask('compose', 'version'));
}
