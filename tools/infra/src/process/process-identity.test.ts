import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { isSameProcess, processStart, startFromStat } from './process-identity.js';

describe('process identity', () => {
  it('knows a running process again', async () => {
    const startedAt = await processStart(process.pid);
    expect(startedAt).toMatch(/\d/);
    expect(await isSameProcess({ pid: process.pid, startedAt: startedAt! })).toBe(true);
  });

  it('takes a process with the same pid and another start for a stranger', async () => {
    expect(await isSameProcess({ pid: process.pid, startedAt: 'long ago' })).toBe(false);
  });

  it('finds nothing once the process has ended', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'close');
    expect(await processStart(child.pid!)).toBeUndefined();
  });

  it('reads the start after a command with spaces and parentheses', () => {
    const fields = Array.from({ length: 50 }, (_, index) => String(index + 4));
    fields[18] = '207384';
    expect(startFromStat(`12 (a) b) S ${fields.join(' ')}`)).toBe('207384');
  });

  it('takes a zombie for gone', () => {
    expect(startFromStat(`12 (redis) Z ${Array(50).fill('1').join(' ')}`)).toBeUndefined();
  });
});
