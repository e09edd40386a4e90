import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Logger, silentLogger } from '@naru/core';
import { type CompatibilityLevel, compatibilityLevels, isCompatibilityLevel } from '../avro/compatibility.js';
import { SchemaRegistryError } from '../registry-error.js';
import { createRegistryListener } from './http/serve.js';
import { RegistryStore } from './store/registry-store.js';

export interface EmbeddedRegistryOptions {
  /** TCP port; 0 chooses a free one. Default 0. */
  readonly port?: number;
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string;
  /** Global compatibility level at the start. Default BACKWARD, as everywhere. */
  readonly compatibility?: CompatibilityLevel;
  /** Larger requests get status 413. Bytes, default 1 MiB. */
  readonly maxBodyBytes?: number;
  /** Versions it holds, soft-deleted ones included; more get error 50001. Default 100,000. */
  readonly maxVersions?: number;
  readonly logger?: Logger;
}

export interface EmbeddedRegistry extends AsyncDisposable {
  /** Such as `http://127.0.0.1:43113`. */
  readonly url: string;
  readonly port: number;
  /** Stops listening and ends connections. What was registered is gone. */
  close(): Promise<void>;
}

/**
 * Starts a schema registry in memory that speaks Confluent's REST API for Avro. For development and tests.
 * @throws SchemaRegistryError `invalid_argument` for options, `unreachable` when the port cannot be had.
 */
export async function createEmbeddedRegistry(options: EmbeddedRegistryOptions = {}): Promise<EmbeddedRegistry> {
  const host = options.host ?? '127.0.0.1';
  const level = options.compatibility ?? 'BACKWARD';
  if (!isCompatibilityLevel(level)) {
    throw new SchemaRegistryError(
      `compatibility is "${String(level)}". Use one of ${compatibilityLevels.join(', ')}.`,
      { code: 'invalid_argument' },
    );
  }
  const store = new RegistryStore({ level, maxVersions: options.maxVersions ?? 100_000 });
  const server = createServer(
    createRegistryListener({
      store,
      maxBodyBytes: options.maxBodyBytes ?? 1024 * 1024,
      logger: options.logger ?? silentLogger,
    }),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(host, options.port ?? 0, cause)));
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;

  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    return closed;
  };
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return { url, port, close, [Symbol.asyncDispose]: close };
}

function cannotListen(host: string, port: number, cause: Error): SchemaRegistryError {
  return new SchemaRegistryError(
    `The embedded registry cannot listen on ${host}:${port} (${cause.message}). Choose another port, or 0 for a free one.`,
    { code: 'unreachable', cause },
  );
}
