import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createSchemaRegistryClient } from './client.js';

let server: Server | undefined;
afterEach(() => server?.close());

/** A registry that refuses the first so many settings of a level, as Apicurio does to whoever comes second. */
async function refusing(times: number): Promise<{ readonly url: string; readonly asked: () => number }> {
  let asked = 0;
  server = createServer((request, response) => {
    request.resume();
    asked += 1;
    const refused = asked <= times;
    response.writeHead(refused ? 409 : 200, { 'content-type': 'application/json' });
    response.end(
      refused
        ? '{"error_code":0,"message":"A rule named COMPATIBILITY already exists."}'
        : '{"compatibility":"BACKWARD"}',
    );
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked };
}

it('sets a level also when another sets the first one at the same moment', async () => {
  const { url, asked } = await refusing(1);
  await using client = createSchemaRegistryClient({ urls: url });
  await client.setCompatibilityLevel('BACKWARD', 'ticker-data-value');
  expect(asked()).toBe(2);
});

it('tells of a refusal that lasts', async () => {
  const { url, asked } = await refusing(10);
  await using client = createSchemaRegistryClient({ urls: url });
  await expect(client.setCompatibilityLevel('BACKWARD', 's')).rejects.toMatchObject({ status: 409 });
  expect(asked()).toBe(2);
});
