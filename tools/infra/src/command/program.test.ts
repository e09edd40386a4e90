import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { infraStatus } from '../infra-status.js';
import { infraPaths } from '../state/infra-paths.js';
import { type InfraState, writeState } from '../state/infra-state.js';
import { parseBrokers, parseMode } from './arguments.js';
import { createProgram, describeState, describeStatus } from './program.js';

const state: InfraState = {
  mode: 'local',
  brokers: 1,
  kafka: '127.0.0.1:1',
  redis: 'redis://127.0.0.1:1',
  registry: 'http://127.0.0.1:1/apis/ccompat/v7',
  processes: [{ name: 'kafka-1', pid: process.pid, startedAt: 'another life', port: 1, log: '/logs/kafka-1.log' }],
};

describe('the infra command', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'infra-program-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('offers up, down and status', () => {
    const names = createProgram(new AbortController().signal).commands.map((command) => command.name());
    expect(names).toEqual(['up', 'down', 'status']);
  });

  it.each(['0', '2', '4', '', 'three'])('refuses %j brokers', (value) => {
    expect(() => parseBrokers(value)).toThrow(`--brokers is "${value}"; give 1 or 3.`);
  });

  it('refuses an unknown mode', () => {
    expect(() => parseMode('podman')).toThrow('--mode is "podman"');
  });

  it('takes its folders from the environment and places them in the checkout otherwise', () => {
    const given = infraPaths({ NARU_INFRA_DIR: folder, NARU_CACHE_DIR: join(folder, 'cache') });
    expect(given.state).toBe(join(folder, 'state.json'));
    expect(given.cache).toBe(join(folder, 'cache'));
    const usual = infraPaths({ XDG_CACHE_HOME: '/caches' });
    expect(usual.directory).toBe(join(usual.repository, '.infra'));
    expect(usual.cache).toBe('/caches/naru');
  });

  it('prints addresses as shell assignments, and the class path where there is one', () => {
    const addresses =
      'export KAFKA_BROKERS=127.0.0.1:1\nexport REDIS_URL=redis://127.0.0.1:1\nexport SCHEMA_REGISTRY_URL=http://127.0.0.1:1/apis/ccompat/v7';
    expect(describeState(state)).toBe(addresses);
    const quoted = `${addresses}\nexport KAFKA_CLASS_PATH='/it'\\''s/kafka/*'`;
    expect(describeState({ ...state, kafkaClassPath: "/it's/kafka/*" })).toBe(quoted);
  });

  it('says crashed when the recorded process is another one by now', async () => {
    const paths = infraPaths({ NARU_INFRA_DIR: folder });
    expect(describeStatus(await infraStatus(paths))).toContain('nothing is up');
    await writeState(paths.state, state);
    const status = await infraStatus(paths);
    expect(status.condition).toBe('degraded');
    expect(describeStatus(status)).toMatch(/^kafka-1 {3}crashed {2}127\.0\.0\.1:1/);
  });
});
