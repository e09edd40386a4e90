import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createSchemaRegistryClient } from '../client/client.js';
import type { SchemaRegistryClient } from '../client/types.js';
import { SchemaRegistryError } from '../registry-error.js';

/** How commands reach a registry. Secrets are read from files, so that they do not stand in the process list. */
export interface RegistryOptions {
  readonly cwd: string;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly tokenFile?: string | undefined;
  readonly caFile?: string | undefined;
}

export async function connectRegistry(urls: string, options: RegistryOptions): Promise<SchemaRegistryClient> {
  const token = options.tokenFile && (await readSecret(options.cwd, options.tokenFile));
  const ca = options.caFile && (await readSecret(options.cwd, options.caFile));
  return createSchemaRegistryClient({
    urls,
    timeoutMs: options.timeoutMs,
    retries: options.retries,
    // A command is done before anything could come into being.
    missingTtlMs: 0,
    ...(token ? { auth: { token } } : {}),
    ...(ca ? { tls: { ca } } : {}),
  });
}

async function readSecret(cwd: string, file: string): Promise<string> {
  try {
    return (await readFile(resolve(cwd, file), 'utf8')).trim();
  } catch (cause) {
    throw new SchemaRegistryError(`${file} cannot be read (${(cause as Error).message}). Check the path.`, {
      code: 'source_unreadable',
      cause,
    });
  }
}
