import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from '@naru/core';
import { SchemaRegistryError } from '../../registry-error.js';
import { failures, RegistryFailure } from '../store/registry-failure.js';
import type { RegistryStore } from '../store/registry-store.js';
import { policyRoutes } from './policy-routes.js';
import { findRoute, RawJson, type Route, route } from './route.js';
import { schemaRoutes } from './schema-routes.js';
import { subjectRoutes } from './subject-routes.js';

const routes: readonly Route[] = [route('GET /', () => ({})), ...schemaRoutes, ...subjectRoutes, ...policyRoutes];

export interface ServeOptions {
  readonly store: RegistryStore;
  readonly maxBodyBytes: number;
  readonly logger: Logger;
}

/** The REST API as a listener of `node:http`. Nothing a client sends makes it throw. */
export function createRegistryListener(options: ServeOptions): RequestListener {
  return (request, response) => {
    answer(request, options)
      .catch((error: unknown) => {
        if (error instanceof RegistryFailure) return failureBody(error);
        // The rules refuse a few schemas that parse, such as endless nesting.
        if (error instanceof SchemaRegistryError) return failureBody(failures.invalidSchema(error.message));
        options.logger.error('the embedded registry failed', { method: request.method, url: request.url, error });
        return failureBody(new RegistryFailure(500, 'Internal error'));
      })
      .then(({ status, text }) => send(response, status, text));
  };
}

interface Reply {
  readonly status: number;
  readonly text: string;
}

async function answer(request: IncomingMessage, { store, maxBodyBytes }: ServeOptions): Promise<Reply> {
  const [path = '', search = ''] = splitOnce(request.url ?? '/', '?');
  const match = findRoute(routes, request.method ?? 'GET', decodePath(path));
  if (match === undefined) throw new RegistryFailure(404, 'HTTP 404 Not Found');
  if (match === 'wrongMethod') throw new RegistryFailure(405, 'HTTP 405 Method Not Allowed');
  const body = parseBody(await readBody(request, maxBodyBytes));
  const result = match.handler(store, { params: match.params, query: new URLSearchParams(search), body });
  return { status: 200, text: result instanceof RawJson ? result.text : JSON.stringify(result) };
}

function splitOnce(text: string, separator: string): string[] {
  const index = text.indexOf(separator);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + separator.length)];
}

function decodePath(path: string): string[] {
  try {
    return path.split('/').slice(1).filter(Boolean).map(decodeURIComponent);
  } catch {
    throw new RegistryFailure(400, 'The path is not encoded correctly');
  }
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new RegistryFailure(413, `The body is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new RegistryFailure(400, 'The body is not JSON');
  }
}

function failureBody({ status, errorCode, message }: RegistryFailure): Reply {
  return { status, text: JSON.stringify({ error_code: errorCode, message }) };
}

function send(response: ServerResponse, status: number, text: string): void {
  const close = status === 413 ? { connection: 'close' } : {};
  response.writeHead(status, {
    'content-type': 'application/vnd.schemaregistry.v1+json',
    'content-length': Buffer.byteLength(text),
    ...close,
  });
  response.end(text);
}
