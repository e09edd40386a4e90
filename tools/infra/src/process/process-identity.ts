import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * A mark that stays the same for the life of a process and differs for the next one with the same pid, or undefined
 * when no such process runs. A zombie counts as gone: nobody serves behind it.
 */
export async function processStart(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    try {
      return startFromStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return undefined;
    }
  }
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]);
    const [status = '', ...start] = stdout.trim().split(/\s+/);
    return status === '' || status.startsWith('Z') ? undefined : start.join(' ');
  } catch {
    return undefined;
  }
}

/**
 * `pid (command) state ppid … starttime …`: the command may hold spaces and parentheses, so fields are counted
 * from its last parenthesis. Field 3 is the state, field 22 the start in clock ticks since boot (proc_pid_stat(5)).
 */
export function startFromStat(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

/** Whether the process recorded with that start still runs. */
export async function isSameProcess(recorded: { readonly pid: number; readonly startedAt: string }): Promise<boolean> {
  return (await processStart(recorded.pid)) === recorded.startedAt;
}
