import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A key and the certificate of it, both in PEM. */
export interface Certificate {
  readonly key: string;
  readonly certificate: string;
}

/** An authority that nobody trusts unless told to. */
export interface CertificateAuthority {
  /** Its own certificate in PEM: what a client passes as `ca`. */
  readonly certificate: string;
  /** Issues a certificate for hosts, in the form of a subject's alternative names: `DNS:localhost`, `IP:127.0.0.1`. */
  issue(...names: readonly string[]): Promise<Certificate>;
}

export const hasOpenssl = (): boolean => spawnSync('openssl', ['version']).status === 0;

/** Creates an authority with openssl. Its key lives in memory only. */
export async function createCertificateAuthority(name: string): Promise<CertificateAuthority> {
  const authority = await inFolder(async (folder) => {
    await openssl(folder, 'req', '-x509', ...newKey('key.pem'), '-out', 'ca.pem', '-subj', `/CN=${name}`, ...DAYS);
    return read(folder, 'key.pem', 'ca.pem');
  });
  return {
    certificate: authority.certificate,
    issue: (...names) =>
      inFolder(async (folder) => {
        await writeFile(join(folder, 'ca-key.pem'), authority.key, { mode: 0o600 });
        await writeFile(join(folder, 'ca.pem'), authority.certificate);
        await writeFile(join(folder, 'names'), `subjectAltName=${names.join(',')}\n`);
        await openssl(folder, 'req', ...newKey('key.pem'), '-out', 'request.pem', '-subj', '/CN=server');
        const signing = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-extfile', 'names'];
        await openssl(folder, 'x509', '-req', '-in', 'request.pem', ...signing, '-out', 'server.pem', ...DAYS);
        return read(folder, 'key.pem', 'server.pem');
      }),
  };
}

const DAYS = ['-days', '2'];

const newKey = (file: string): string[] =>
  ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'].concat('-keyout', file);

const openssl = (folder: string, ...args: string[]): Promise<unknown> => run('openssl', args, { cwd: folder });

async function read(folder: string, key: string, certificate: string): Promise<Certificate> {
  return {
    key: await readFile(join(folder, key), 'utf8'),
    certificate: await readFile(join(folder, certificate), 'utf8'),
  };
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'naru-certificates-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
