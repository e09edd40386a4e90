import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { infraPaths } from './state/infra-paths.js';
import { versions } from './versions.js';

it('starts the same versions with Docker and without', async () => {
  const { repository } = infraPaths({});
  const compose = await readFile(join(repository, 'compose.yaml'), 'utf8');
  const pom = await readFile(join(repository, 'tools/infra/maven/pom.xml'), 'utf8');
  expect(compose).toContain(`image: apache/kafka:${versions.kafka}\n`);
  expect(compose).toContain(`image: apicurio/apicurio-registry:${versions.registry}\n`);
  expect(pom).toContain(`<kafka.version>${versions.kafka}</kafka.version>`);
});
