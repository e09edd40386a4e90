import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchemaRegistryClient } from '../client.js';
import { authority, clientCertificate, clientKey, serverCertificate, serverKey } from './certificates.test-support.js';
import type { RegistryTlsOptions } from './http.js';

describe('TLS', () => {
  const server = createServer(
    { key: serverKey, cert: serverCertificate, ca: authority, requestCert: true, rejectUnauthorized: true },
    (_, response) => response.end('["AVRO"]'),
  );
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())));

  async function schemaTypes(tls?: RegistryTlsOptions): Promise<readonly string[]> {
    const urls = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await using client = createSchemaRegistryClient({ urls, retries: 0, ...(tls ? { tls } : {}) });
    return await client.schemaTypes();
  }

  it('trusts the given authority and shows the client certificate', async () => {
    expect(await schemaTypes({ ca: [authority], cert: clientCertificate, key: clientKey })).toEqual(['AVRO']);
  });

  it('does not trust an unknown authority', async () => {
    await expect(schemaTypes({ cert: clientCertificate, key: clientKey })).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('certificate'),
    });
  });

  it('trusts anybody when told to', async () => {
    const tls = { rejectUnauthorized: false, cert: clientCertificate, key: clientKey };
    expect(await schemaTypes(tls)).toEqual(['AVRO']);
  });

  it('does not reach a server that asks for a certificate without one', async () => {
    await expect(schemaTypes({ ca: authority })).rejects.toMatchObject({ code: 'unreachable' });
  });
});
