import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createKafkaAdmin, createKafkaTransport } from '@naru/kafka-clients';
import { describeKafkaServer, type SecuredKafka, startSecuredKafka } from '@naru/test-services';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LoadReport } from './run-load.js';

const naru = fileURLToPath(new URL('../../bin/naru.js', import.meta.url));

describeKafkaServer('load on a real Kafka behind TLS and SASL', () => {
  let kafka: SecuredKafka;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'naru-load-'));
    kafka = await startSecuredKafka();
    await writeFile(join(folder, 'ca.pem'), kafka.ca);
    await writeFile(join(folder, 'password'), `${kafka.password}\n`);
  }, 120_000);
  afterAll(async () => {
    await kafka?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs the built command, configured by a file as `naru run` is. */
  async function load(sasl: string): Promise<{ readonly report: LoadReport | undefined; readonly stderr: string }> {
    const file = join(folder, 'gateway.yaml');
    await writeFile(
      file,
      `kafka:
  brokers: ${kafka.at('BOTH')}
  partitions: 1
  tls: { caFile: ${join(folder, 'ca.pem')} }
  sasl: ${sasl}
redis: { url: redis://127.0.0.1:1 }
spool: { directory: ${join(folder, 'spool')} }
`,
    );
    const args = ['load', '--config', file, '--json'];
    const asked = ['--rate', '300', '--seconds', '1', '--markets', '11', '--kinds', 'trade', '--p99', '60000'];
    const { PATH } = process.env;
    return new Promise((resolve) => {
      execFile(process.execPath, [naru, ...args, ...asked], { env: { PATH } }, (_, stdout, stderr) =>
        resolve({ report: stdout ? (JSON.parse(stdout) as LoadReport) : undefined, stderr }),
      );
    });
  }

  test('every tick is accounted for, and the topics of the run are gone afterwards', { timeout: 120_000 }, async () => {
    const { report, stderr } = await load(
      `{ mechanism: scram-sha-512, username: ${kafka.username}, passwordFile: ${join(folder, 'password')} }`,
    );
    expect(report, stderr).toMatchObject({ broker: 'real', exact: true, differences: [] });
    expect(report?.read.trade).toBeGreaterThan(100);
    expect(report?.windows[0]?.floor_ms).not.toBeNull();
    await using admin = createKafkaAdmin({ transport: createKafkaTransport({ brokers: [kafka.plain] }) });
    expect((await admin.listTopics()).filter((topic) => topic.startsWith('load-'))).toEqual([]);
  });

  test('credentials that the broker refuses are the failure', { timeout: 120_000 }, async () => {
    const { report, stderr } = await load(`{ mechanism: plain, username: ${kafka.username}, password: wrong }`);
    expect(report).toBeUndefined();
    expect(stderr).toContain('Check the SASL mechanism, user name and password.');
    expect(stderr).not.toContain('wrong');
  });
});
