import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { infraPaths } from '../state/infra-paths.js';
import { composeEnvironment, composeProject } from './compose-environment.js';

describe('compose environment', () => {
  it('describes one broker without the profile of three', () => {
    const environment = composeEnvironment({ brokers: 1, kafkaPorts: [1], redisPort: 2, registryPort: 3 });
    expect(environment).toMatchObject({
      NARU_KAFKA_PORT_1: '1',
      NARU_KAFKA_VOTERS: '1@kafka-1:9093',
      NARU_KAFKA_REPLICAS: '1',
    });
    expect(environment).not.toHaveProperty('COMPOSE_PROFILES');
  });

  it('sets every variable that compose.yaml reads when there are three brokers', async () => {
    const environment = composeEnvironment({ brokers: 3, kafkaPorts: [1, 2, 3], redisPort: 4, registryPort: 5 });
    const compose = await readFile(join(infraPaths({}).repository, 'compose.yaml'), 'utf8');
    const read = new Set([...compose.matchAll(/\$\{(\w+):-/g)].map((match) => match[1]));
    expect(new Set(Object.keys(environment).filter((name) => name.startsWith('NARU_')))).toEqual(read);
    expect(environment.COMPOSE_PROFILES).toBe('three-brokers');
  });

  it('gives every folder its own project, always the same', () => {
    expect(composeProject('/a')).toBe(composeProject('/a'));
    expect(composeProject('/a')).not.toBe(composeProject('/b'));
    expect(composeProject('/a')).toMatch(/^naru-[0-9a-f]{8}$/);
  });
});
