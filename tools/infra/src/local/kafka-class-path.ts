import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { infraPaths } from '../state/infra-paths.js';
import { downloadFolders } from './downloads.js';

/** Class path of Kafka's jars once `up` has fetched them for local processes; undefined before. */
export function kafkaClassPath(): string | undefined {
  const { kafka } = downloadFolders(infraPaths());
  return existsSync(kafka) ? join(kafka, '*') : undefined;
}
