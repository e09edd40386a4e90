#!/usr/bin/env node
import { once } from 'node:events';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type CompatibilityLevel, compatibilityLevels } from '../avro/compatibility.js';
import { SchemaRegistryError } from '../registry-error.js';
import { createEmbeddedRegistry } from './embedded-registry.js';

const program = new Command('naru-registry')
  .description('Runs a schema registry in memory, for development and tests, until it is interrupted.')
  .option('--port <number>', 'TCP port; 0 chooses a free one', readPort, 8081)
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .addOption(new Option('--compatibility <level>', 'global level').choices(compatibilityLevels).default('BACKWARD'));

interface Options {
  readonly port: number;
  readonly host: string;
  readonly compatibility: CompatibilityLevel;
}

try {
  await using registry = await createEmbeddedRegistry(program.parse().opts<Options>());
  console.log(registry.url);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
} catch (error) {
  if (!(error instanceof SchemaRegistryError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('It is a whole number from 0 to 65535.');
}
