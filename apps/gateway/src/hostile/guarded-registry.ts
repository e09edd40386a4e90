import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { createEmbeddedRegistry } from '@naru/schema-registry/testing';

/** A registry that answers only to those that send one of these `authorization` headers. */
export interface GuardedRegistry {
  readonly url: string;
  close(): Promise<void>;
}

export async function startGuardedRegistry(authorizations: readonly string[]): Promise<GuardedRegistry> {
  const registry = await createEmbeddedRegistry();
  const server = createServer(async (request, response) => {
    const { authorization = '' } = request.headers;
    if (!authorizations.includes(authorization)) {
      response.writeHead(401, { 'content-type': 'application/json', 'www-authenticate': 'Basic realm="schemas"' });
      response.end('{"error_code":40101,"message":"User cannot be authenticated"}');
      return;
    }
    const body = await buffer(request);
    const answer = await fetch(`${registry.url}${request.url}`, {
      method: request.method ?? 'GET',
      headers: { 'content-type': request.headers['content-type'] ?? 'application/json' },
      ...(body.length > 0 && { body: new Uint8Array(body) }),
    });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
    response.end(await answer.text());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await registry.close();
    },
  };
}
