import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type InfraState, parseState, readState, removeState, writeState } from './infra-state.js';

const state: InfraState = {
  mode: 'local',
  brokers: 1,
  kafka: '127.0.0.1:1000',
  redis: 'redis://127.0.0.1:1001',
  registry: 'http://127.0.0.1:1002/apis/ccompat/v7',
  processes: [{ name: 'redis', pid: 4242, startedAt: '17', port: 1001, log: '/logs/redis.log' }],
};

describe('infra state', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'infra-state-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('reads what was written and leaves no other file behind', async () => {
    const path = join(folder, 'deep', 'state.json');
    await writeState(path, state);
    expect(await readState(path)).toEqual(state);
    expect(await readdir(join(folder, 'deep'))).toEqual(['state.json']);
  });

  it('is undefined where nothing was written, and removing it twice does no harm', async () => {
    const path = join(folder, 'state.json');
    await writeState(path, state);
    await removeState(path);
    await removeState(path);
    expect(await readState(path)).toBeUndefined();
  });

  it.each([
    ['{', /it is not JSON.*delete the file/],
    ['null', /not an object/],
    [JSON.stringify({ ...state, kafka: 1 }), /"kafka" is not a string/],
    [JSON.stringify({ ...state, brokers: 2 }), /"brokers" is neither 1 nor 3/],
    [JSON.stringify({ ...state, processes: [{ name: 'redis' }] }), /"processes" is not a list/],
  ])('refuses %s', (text, message) => {
    expect(() => parseState(text, 'state.json')).toThrow(message);
  });

  it.each([0, 1, -1, -4242])('refuses pid %i, which a signal would carry to other processes', (pid) => {
    const text = JSON.stringify({ ...state, processes: [{ ...state.processes[0], pid }] });
    expect(() => parseState(text, 'state.json')).toThrow(/"processes"/);
  });
});
