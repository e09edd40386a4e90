import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProgress } from '../command/progress.js';
import { isSameProcess } from '../process/process-identity.js';
import { waitUntil } from '../process/wait-until.js';
import type { ServerProcess } from '../state/infra-state.js';
import { awaitServers, launchServer, type ServerPlan } from './server-launch.js';
import { stopServers } from './server-stop.js';

describe('a launched server', () => {
  let folder: string;
  const started: ServerProcess[] = [];
  const lines: string[] = [];
  const options = { progress: createProgress((line) => lines.push(line)), signal: new AbortController().signal };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'infra-launch-'));
  });
  afterEach(async () => {
    await stopServers(started);
    await rm(folder, { recursive: true });
  });

  const launch = async (script: string): Promise<ServerProcess> => {
    const plan: ServerPlan = {
      name: 'dummy',
      program: process.execPath,
      args: ['-e', script],
      port: 1,
      log: join(folder, 'dummy.log'),
      directory: folder,
    };
    const server = await launchServer(plan);
    started.push(server);
    return server;
  };

  it('writes its log, answers when ready, and is gone after it was stopped', async () => {
    const server = await launch('console.log("ready"); setInterval(() => {}, 1000)');
    const ready = async (): Promise<boolean> => (await readFile(server.log, 'utf8')).includes('ready');
    await awaitServers('Dummy', [server], ready, options);
    expect(lines.join('\n')).toMatch(/wait for Dummy on port 1: done in [\d.]+ s/);
    await stopServers([server]);
    expect(await isSameProcess(server)).toBe(false);
    await stopServers([server]);
  });

  it('keeps the log of the run before', async () => {
    for (const text of ['first', 'second']) {
      const server = await launch(`console.log("${text}"); setInterval(() => {}, 1000)`);
      await waitUntil(async () => (await readFile(server.log, 'utf8')) === `${text}\n`);
      await stopServers([server]);
    }
    expect(await readFile(join(folder, 'dummy.previous.log'), 'utf8')).toBe('first\n');
    expect(await readFile(join(folder, 'dummy.log'), 'utf8')).toBe('second\n');
  });

  it('fails with the end of the log when it dies before it answers', async () => {
    const server = await launch('console.error("address in use"); setTimeout(() => process.exit(1), 50)');
    await expect(awaitServers('Dummy', [server], async () => false, options)).rejects.toMatchObject({
      code: 'start_failed',
      message: expect.stringContaining('address in use'),
    });
  });

  it('ends the wait when asked to', async () => {
    const server = await launch('setInterval(() => {}, 1000)');
    const aborted = AbortSignal.abort(new Error('enough'));
    await expect(awaitServers('Dummy', [server], async () => false, { ...options, signal: aborted })).rejects.toThrow(
      'enough',
    );
  });

  it('is killed when it does not heed the request to end', async () => {
    const server = await launch('process.on("SIGTERM", () => {}); console.log("deaf"); setInterval(() => {}, 1000)');
    await awaitServers('Dummy', [server], async () => (await readFile(server.log, 'utf8')).includes('deaf'), options);
    await stopServers([server], 1);
    expect(await isSameProcess(server)).toBe(false);
  });

  it('leaves a process alone that only has the same pid', async () => {
    const server = await launch('setInterval(() => {}, 1000)');
    await stopServers([{ ...server, startedAt: 'another time' }]);
    expect(await isSameProcess(server)).toBe(true);
  });

  it('says which program does not run', async () => {
    const plan = {
      name: 'dummy',
      program: join(folder, 'absent'),
      args: [],
      port: 1,
      log: join(folder, 'x.log'),
      directory: folder,
    };
    await expect(launchServer(plan)).rejects.toMatchObject({
      code: 'start_failed',
      message: expect.stringContaining('absent'),
    });
  });
});
