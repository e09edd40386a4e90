import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRunOptions, realAddresses, requireAnswers } from './run-options.js';

const written = {
  mode: 'local',
  brokers: 1,
  kafka: '127.0.0.1:1',
  redis: 'redis://127.0.0.1:2',
  registry: 'http://127.0.0.1:3/apis/ccompat/v7',
  processes: [],
  kafkaClassPath: '/kafka/*',
};

describe('the options of a test run', () => {
  let folder: string;
  let state: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'run-options-'));
    state = join(folder, 'state.json');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('leave to Vitest what is not ours', () => {
    expect(parseRunOptions(['--real', 'packages/core', '--', '-t', 'name', '--long'])).toEqual({
      real: true,
      long: true,
      vitest: ['packages/core', '-t', 'name'],
    });
    expect(parseRunOptions([])).toEqual({ real: false, long: false, vitest: [] });
  });

  it('take real addresses from what "infra up" wrote, and from the environment first', async () => {
    await writeFile(state, JSON.stringify(written));
    expect(await realAddresses({ REDIS_URL: 'redis://elsewhere', KAFKA_BROKERS: '' }, state)).toEqual({
      KAFKA_BROKERS: written.kafka,
      REDIS_URL: 'redis://elsewhere',
      SCHEMA_REGISTRY_URL: written.registry,
      KAFKA_CLASS_PATH: '/kafka/*',
    });
  });

  it('say how to start the servers that are not up', async () => {
    await expect(realAddresses({ REDIS_URL: 'redis://elsewhere' }, state)).rejects.toThrow(
      'The real servers are not up (KAFKA_BROKERS, SCHEMA_REGISTRY_URL unknown). Start them with "pnpm infra up".',
    );
  });

  it('name every server that does not answer', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as { port: number };
    await new Promise((resolve) => silent.close(resolve));
    const addresses = {
      KAFKA_BROKERS: `127.0.0.1:${port}`,
      REDIS_URL: `redis://127.0.0.1:${port}`,
      SCHEMA_REGISTRY_URL: `http://127.0.0.1:${port}`,
    };
    await expect(requireAnswers(addresses)).rejects.toThrow(
      /No answer from Kafka at .*, Redis at .*, the registry at .*"pnpm infra up"/,
    );
  });
});
