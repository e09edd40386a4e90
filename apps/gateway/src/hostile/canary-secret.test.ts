import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HostileRun } from './hostile-run.js';

const naru = fileURLToPath(new URL('../../bin/naru.js', import.meta.url));

/** Each secret is told apart, so that a failure says which one leaked; all are found by one search. */
const mark = `canary${randomUUID().replaceAll('-', '')}`;
const secret = (name: string): string => `${mark}-${name}`;

/** Where nothing listens: what a client says when it cannot connect is what may leak. */
const nowhere = '127.0.0.1:1';

function run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve) => {
    const { PATH } = process.env;
    execFile(process.execPath, [naru, ...args], { env: { PATH, ...env }, timeout: 25_000 }, (_, stdout, stderr) =>
      resolve(`${stdout}\n${stderr}`),
    );
  });
}

const everySecret = {
  KAFKA_BROKERS: nowhere,
  KAFKA_SASL_MECHANISM: 'plain',
  KAFKA_SASL_USERNAME: 'user',
  KAFKA_SASL_PASSWORD: secret('kafka-sasl'),
  SCHEMA_REGISTRY_URL: `http://user:${secret('registry-url')}@${nowhere}`,
  REDIS_URL: `redis://user:${secret('redis-url')}@${nowhere}`,
  NARU_OPERATIONS_PORT: '0',
  NARU_OPERATIONS_TOKEN: secret('operations'),
  NARU_LOG_LEVEL: 'debug',
};

describe('a command-line that fails', () => {
  const configurations: [string, Readonly<Record<string, string>>][] = [
    ['with secrets in addresses', everySecret],
    [
      'with secrets of their own',
      {
        ...everySecret,
        SCHEMA_REGISTRY_URL: `http://${nowhere}`,
        SCHEMA_REGISTRY_USERNAME: 'user',
        SCHEMA_REGISTRY_PASSWORD: secret('registry-basic'),
        REDIS_URL: `redis://${nowhere}`,
        REDIS_PASSWORD: secret('redis-password'),
      },
    ],
    [
      'with a bearer token',
      { ...everySecret, SCHEMA_REGISTRY_URL: `http://${nowhere}`, SCHEMA_REGISTRY_TOKEN: secret('registry-token') },
    ],
    [
      'with secrets where they do not belong',
      { ...everySecret, NARU_TOPIC_PREFIX: `${secret('prefix')} !`, REDIS_URL: secret('no-url') },
    ],
  ];

  const [first] = configurations;
  test.each([
    ...configurations.map(([what, env]) => ['check --json', what, env] as const),
    ...['check', 'run', 'run --help'].map((args) => [args, ...first!] as const),
  ])('naru %s %s says no secret', async (args, _, env) => {
    const output = await run(args.split(' '), env);
    expect(output.length).toBeGreaterThan(50);
    expect(output).not.toContain(mark);
  });

  test('what stands in files is as secret', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'naru-canary-'));
    const file = join(folder, 'password');
    await writeFile(file, `${secret('file')}\n`);
    const output = await run(['check', '--json'], {
      ...everySecret,
      KAFKA_SASL_PASSWORD: '',
      KAFKA_SASL_PASSWORD_FILE: file,
    });
    await rm(folder, { recursive: true });
    expect(output).not.toContain(mark);
  });
});

describe('a running gateway', () => {
  let gateway: HostileRun;
  beforeAll(async () => {
    gateway = await HostileRun.start('embedded', [], { NARU_OPERATIONS_TOKEN: secret('operations') });
  }, 60_000);
  afterAll(() => gateway?.close());

  test('says no secret of a command: in logs, events, metrics, and the headers of its dead letter', async () => {
    const { topics, watch } = gateway;
    const urls = [
      `wss://user:${secret('userinfo')}@api.upbit.com/websocket/v1`,
      `wss://${secret('user')}@api.upbit.com/websocket/v1`,
      `http://user:${secret('http-userinfo')}@127.0.0.1/`,
      `wss://user:${secret('broken')}@[/`,
      `wss://api.upbit.com:${secret('as-port')}@example.com/`,
    ];
    for (const url of urls) {
      const value = JSON.stringify({
        type: 'status',
        action: 'connect_and_subscribe',
        target: { exchange: 'upbit', region: 'korea', request_type: 'trade' },
        symbols: ['KRW-BTC'],
        connection: { url, socket_params: { api_key: secret('socket-params') } },
        routing: { password: secret('routing') },
      });
      const offset = await gateway.send({ topic: topics.command, value: Buffer.from(value) });
      const letter = await gateway.letterOf(topics.command, offset);
      // Its bytes are the sender's own, and stay as they are.
      expect(letter.value?.toString()).toBe(value);
      expect(JSON.stringify(letter.headers)).not.toContain(mark);
    }
    await gateway.carryOutGoodCommand();
    for (const { topic, value } of watch.messages) {
      if (topic !== topics.dlq) expect(String(value)).not.toContain(mark);
    }
    expect(gateway.gateway.log).not.toContain(mark);
    expect(gateway.gateway.readyLine).not.toContain(mark);
    expect(await gateway.gateway.metrics()).not.toContain(mark);
    expect(await gateway.gateway.streams()).not.toContain(mark);
    const commands = await fetch(`${gateway.gateway.operations}/commands`);
    const told = await commands.text();
    expect(told).toContain('dead_lettered');
    expect(told).not.toContain(mark);
  });

  test('tells the token of its operations nowhere, and lets nobody change anything without it', async () => {
    const { operations } = gateway.gateway;
    const paths = [
      '/',
      '/livez',
      '/readyz',
      '/metrics',
      '/streams',
      '/config',
      '/breakers',
      '/dead-letters',
      '/commands',
      '/leases',
      '/tap',
      '/nothing',
    ];
    for (const path of paths) {
      for (const authorization of ['', 'Bearer wrong', `Bearer ${secret('operations')}`]) {
        const response = await fetch(`${operations}${path}`, { headers: { authorization } });
        // Dead letters are shown as they are, with whatever their senders put into them.
        expect(await response.text()).not.toContain(secret('operations'));
      }
      for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
        const response = await fetch(`${operations}${path}`, { method });
        expect(response.status).toBeGreaterThanOrEqual(400);
      }
    }
    expect(gateway.gateway.log).not.toContain(mark);
  });
});
