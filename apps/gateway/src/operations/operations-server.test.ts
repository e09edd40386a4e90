import { request as httpRequest, type IncomingMessage } from 'node:http';
import { silentLogger } from '@naru/core';
import { afterEach, expect, test, vi } from 'vitest';
import type { DeadLetters, ReplayRequest } from '../dead-letters/dead-letters.js';
import { GatewayError } from '../gateway-error.js';
import type { StreamReport } from '../orchestration/target-books.js';
import { createAccountBook, noAccounts } from '../publishing/accounts.js';
import type { TapSecond } from '../tap/record-tap.js';
import type { TimelineEntry } from '../timeline/command-timeline.js';
import { type OperationsServer, startOperationsServer } from './operations-server.js';
import { createPrometheusMetrics } from './prometheus-metrics.js';
import { createReadiness, type Readiness } from './readiness.js';
import { maxBodyBytes } from './request-body.js';
import type { OperationsSources } from './routes.js';
import { exposeStreams } from './stream-metrics.js';

const accounts = { ...noAccounts, received: 5, acknowledged: 3, dropped: 1, buffered: 1 };
const droppedBy = { ...createAccountBook().droppedBy, buffer_full: 1 };
const report: StreamReport = {
  target: { exchange: 'upbit', region: 'korea', request_type: 'trade' },
  stream: null,
  accounts,
  latency: null,
  firstAcknowledgedAt: null,
  lastReceivedAt: null,
  droppedBy,
  upstreamGaps: 2,
};

const steer = vi.fn<OperationsSources['breakers']['steer']>();
const replay = vi.fn<DeadLetters['replay']>();
const newest = vi.fn<DeadLetters['newest']>();
const command: TimelineEntry = {
  id: 'c/1',
  action: 'disconnect',
  target: 'upbit/korea/trade',
  status: 'done',
  beganAt: 1,
  updatedAt: 2,
  steps: [],
  leftOut: 0,
};
const newestCommands = vi.fn((_: number) => [command]);
const leases = vi.fn<OperationsSources['leases']>();
const endTap = vi.fn();
let tapped: ((second: TapSecond) => void) | undefined;
const sources: OperationsSources = {
  tap(stream, _, onSecond) {
    if (stream !== 'upbit/korea/trade') return stream === '' ? 'unknown' : 'full';
    tapped = onSecond;
    return endTap;
  },
  now: () => 7,
  leases,
  commands: { newest: newestCommands, find: (id) => (id === command.id ? command : undefined) },
  report: () => [report],
  totals: () => ({ ...accounts, latency: null }),
  breakers: { report: () => [{ name: 'upbit/korea/trade' }], steer },
  spool: () => null,
  deadLetters: { newest, replay, find: async () => undefined },
  config: () => ({ logLevel: 'info' }),
  fleet: () => ({ member: 'a' }),
};

let server: OperationsServer | undefined;
let readiness: Readiness;
afterEach(async () => {
  await server?.close();
  vi.resetAllMocks();
});

async function start({ host = '127.0.0.1', token }: { host?: string; token?: string } = {}): Promise<string> {
  const metrics = createPrometheusMetrics();
  exposeStreams(metrics.registry, () => [report]);
  metrics.count('naru_things_total', 2, { kind: 'a' });
  metrics.count('naru_things_total', 1, { kind: 'a' });
  readiness = createReadiness();
  server = await startOperationsServer({ host, port: 0, token, metrics, readiness, logger: silentLogger });
  server.serve(sources);
  return server.url.replace('0.0.0.0', '127.0.0.1');
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Record<string, unknown>;
}

function ask(
  url: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString(), headers: response.headers });
    });
    request.on('error', reject);
    request.end(body);
  });
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const note = JSON.stringify({ reason: 'maintenance', author: 'kim' });

test('lives, and names what is not ready', async () => {
  const url = await start();
  const reached = readiness.begin('kafka');
  let problem: string | undefined = 'halted';
  readiness.watch('the consumer', () => problem);
  expect((await ask(`${url}/livez`)).status).toBe(200);
  const ready = await ask(`${url}/readyz`);
  expect(ready.status).toBe(503);
  expect(JSON.parse(ready.body)).toEqual({
    ready: false,
    notReady: ['kafka: not reached yet', 'the consumer: halted'],
  });
  reached();
  problem = undefined;
  expect((await ask(`${url}/readyz`)).status).toBe(200);
  readiness.end('closing');
  expect((await ask(`${url}/readyz`)).status).toBe(503);
});

test('until the gateway has started, health and metrics are served, and the rest says so', async () => {
  const url = await start();
  await server?.close();
  server = await startOperationsServer({
    host: '127.0.0.1',
    port: 0,
    metrics: createPrometheusMetrics(),
    readiness,
    logger: silentLogger,
  });
  expect(url).not.toBe(server.url);
  expect((await ask(`${server.url}/livez`)).status).toBe(200);
  expect(await ask(`${server.url}/streams`)).toMatchObject({ status: 503, body: expect.stringContaining('/readyz') });
});

test.each([
  ['/streams', { now: 7, totals: { ...accounts, latency: null }, streams: [report] }],
  ['/breakers', { breakers: [{ name: 'upbit/korea/trade' }] }],
  ['/spool', { spool: null }],
  ['/commands/c%2F1', command],
  ['/fleet', { member: 'a' }],
  ['/config', { logLevel: 'info' }],
])('shows %s', async (path, expected) => {
  const answer = await ask(`${await start()}${path}`);
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body)).toEqual(expected);
});

test('shows the newest dead letters, within bounds', async () => {
  newest.mockResolvedValue([]);
  const url = await start();
  expect((await ask(`${url}/dead-letters?newest=7`)).status).toBe(200);
  expect(newest).toHaveBeenCalledWith(7);
  for (const wrong of ['0', '1001', 'x', '1.5']) {
    expect((await ask(`${url}/dead-letters?newest=${wrong}`)).status, wrong).toBe(400);
  }
  expect((await ask(`${url}/dead-letters/0/5`)).status).toBe(404);
});

test('shows the newest commands, and one by its correlation id', async () => {
  const url = await start();
  newestCommands.mockReturnValue([command]);
  expect(JSON.parse((await ask(`${url}/commands`)).body)).toEqual({ commands: [command] });
  expect(newestCommands).toHaveBeenLastCalledWith(50);
  await ask(`${url}/commands?newest=200`);
  expect(newestCommands).toHaveBeenLastCalledWith(200);
  expect((await ask(`${url}/commands?newest=201`)).status).toBe(400);
  const unknown = await ask(`${url}/commands/c-9`);
  expect(unknown).toMatchObject({ status: 404, body: expect.stringContaining('latest 200') });
});

test('the console page is served whole from the first moment, and tells browsers to run nothing else', async () => {
  readiness = createReadiness();
  const metrics = createPrometheusMetrics();
  server = await startOperationsServer({ host: '127.0.0.1', port: 0, metrics, readiness, logger: silentLogger });
  const types = [
    ['/', 'text/html; charset=utf-8'],
    ['/console/main.js', 'text/javascript; charset=utf-8'],
    ['/console/console.css', 'text/css; charset=utf-8'],
    ['/console/icon.svg', 'image/svg+xml'],
  ] as const;
  for (const [path, type] of types) {
    const { status, headers, body } = await ask(`${server.url}${path}`);
    expect([status, headers['content-type']], path).toEqual([200, type]);
    expect(Buffer.byteLength(body)).toBe(Number(headers['content-length']));
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringMatching(/default-src 'self';.*frame-ancestors 'none'/),
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    expect((await ask(`${server.url}${path}`, { method: 'HEAD' })).status).toBe(200);
    expect((await ask(`${server.url}${path}`, { method: 'POST' })).status).toBe(405);
  }
  for (const path of ['/console', '/console/', '/console/index.html', '/console/..%2fpage-files.js', '/index.html']) {
    expect((await ask(`${server.url}${path}`)).status, path).toBe(404);
  }
});

test('shows who owns what in the fleet, or why that is not known', async () => {
  const url = await start();
  leases.mockResolvedValue([{ scope: report.target, owner: 'b', token: 5, expiresInMs: 9_000 }]);
  expect(JSON.parse((await ask(`${url}/leases`)).body)).toEqual({
    leases: [{ target: report.target, owner: 'b', token: 5, expiresInMs: 9_000 }],
  });
  leases.mockRejectedValue(new Error('Redis is away.'));
  expect(await ask(`${url}/leases`)).toMatchObject({ status: 503, body: expect.stringContaining('Redis is away.') });
});

test('a tap sends what it gets as events until its reader is gone', async () => {
  const url = await start();
  const second: TapSecond = { until: 1, records: ['{"a":"\\n"}'], left_out: 2 };
  const end = new AbortController();
  const answer = await fetch(`${url}/tap?stream=upbit/korea/trade&per_second=5`, { signal: end.signal });
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  tapped?.(second);
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader.read()).value).toBe(`data: ${JSON.stringify(second)}\n\n`);
  expect(endTap).not.toHaveBeenCalled();
  end.abort();
  await expect.poll(() => endTap).toHaveBeenCalled();
});

test('a tap whose reader does not keep up is ended', async () => {
  const url = await start();
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest(`${url}/tap?stream=upbit/korea/trade`, resolve).on('error', reject).end();
  });
  response.on('error', () => {});
  const second: TapSecond = { until: 1, records: ['x'.repeat(1_000_000)], left_out: 0 };
  // Nobody reads, so that after what fits into the sockets the first one waits.
  for (let n = 0; n < 100 && endTap.mock.calls.length === 0; n += 1) {
    tapped?.(second);
    await new Promise(setImmediate);
  }
  await expect.poll(() => endTap).toHaveBeenCalled();
});

test.each([
  ['/tap', 404, 'upbit/korea/trade'],
  ['/tap?stream=other', 503, 'readers already'],
  ['/tap?stream=upbit/korea/trade&per_second=51', 400, '1 to 50'],
])('%s is answered with %d', async (path, status, advice) => {
  expect(await ask(`${await start()}${path}`)).toMatchObject({ status, body: expect.stringContaining(advice) });
});

test('exposes metrics by their names, the accounts among them', async () => {
  const url = await start();
  for (let scrape = 0; scrape < 2; scrape += 1) {
    const { body } = await ask(`${url}/metrics`);
    expect(body).toContain('naru_things_total{kind="a"} 3');
    expect(body).toContain('gateway_ticks_received_total{exchange="upbit",region="korea",request_type="trade"} 5');
    expect(body).toContain('gateway_ticks_buffered{exchange="upbit",region="korea",request_type="trade"} 1');
  }
});

test('steers a breaker for whoever has the token, with reason and author', async () => {
  steer.mockResolvedValue({ name: 'upbit/korea/trade', mode: 'forced-open' });
  const url = await start({ token: 's3cret' });
  for (const path of ['/breakers/upbit/korea/trade/open', '/breakers/upbit%2Fkorea%2Ftrade/open']) {
    const answer = await ask(`${url}${path}`, { method: 'POST', headers: bearer('s3cret'), body: note });
    expect(answer.status).toBe(200);
    expect(steer).toHaveBeenLastCalledWith('upbit/korea/trade', 'open', { reason: 'maintenance', author: 'kim' });
  }
  steer.mockResolvedValue(undefined);
  const unknown = await ask(`${url}/breakers/x/reset`, { method: 'POST', headers: bearer('s3cret'), body: note });
  expect(unknown).toMatchObject({ status: 404, body: expect.stringContaining('exchange/region/kind') });
});

test('replays dead letters as it is asked', async () => {
  replay.mockResolvedValue({ dry_run: true, sent: 0, skipped: 0, more: false, messages: [] });
  const url = await start({ token: 't' });
  const send = (body: object) =>
    ask(`${url}/dead-letters/replay`, { method: 'POST', headers: bearer('t'), body: JSON.stringify(body) });
  expect((await send({})).status).toBe(200);
  expect(replay).toHaveBeenLastCalledWith({ again: false, dryRun: false } satisfies ReplayRequest);
  await send({ partition: 1, from: '5', to: '9007199254740993', limit: 3, dry_run: true, again: true });
  const all = { partition: 1, from: '5', to: '9007199254740993', limit: 3, dryRun: true, again: true };
  expect(replay).toHaveBeenLastCalledWith(all);
  replay.mockRejectedValue(new GatewayError('invalid_request', 'There is no partition 9.'));
  expect(await send({ partition: 9 })).toMatchObject({ status: 400, body: expect.stringContaining('partition 9') });
  for (const wrong of [{ limit: 0 }, { from: 5, partition: 0 }, { from: '5' }, { again: 'yes' }, { speed: 1 }]) {
    expect((await send(wrong)).status, JSON.stringify(wrong)).toBe(400);
  }
});

test('nobody changes anything without the token, and nobody at all where none is configured', async () => {
  const url = await start({ token: 's3cret' });
  const post = (headers: Record<string, string>, to = url) =>
    ask(`${to}/breakers/upbit/korea/trade/open`, { method: 'POST', headers, body: note });
  for (const headers of [{}, bearer('s3cre'), bearer('s3cret1'), bearer(''), { authorization: 's3cret' }]) {
    const answer = await post(headers);
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toContain('Bearer');
    expect(answer.body).not.toContain('s3cret');
  }
  await server?.close();
  expect(await post(bearer('undefined'), await start())).toMatchObject({
    status: 403,
    body: expect.stringContaining('NARU_OPERATIONS_TOKEN'),
  });
  expect(steer).not.toHaveBeenCalled();
});

test('beyond loopback everything asks for the token, and probes learn only yes or no', async () => {
  const url = await start({ host: '0.0.0.0', token: 's3cret' });
  readiness.watch('kafka', () => 'away');
  for (const path of [
    '/streams',
    '/metrics',
    '/config',
    '/dead-letters',
    '/breakers',
    '/spool',
    '/commands',
    '/tap',
    '/leases',
  ]) {
    expect((await ask(`${url}${path}`)).status, path).toBe(401);
  }
  expect((await ask(`${url}/streams`, { headers: bearer('s3cret') })).status).toBe(200);
  expect((await ask(`${url}/`)).status, 'the page holds no data').toBe(200);
  expect((await ask(`${url}/livez`)).status).toBe(200);
  expect(await ask(`${url}/readyz`)).toMatchObject({ status: 503, body: '{"ready":false}\n' });
  expect((await ask(`${url}/readyz`, { headers: bearer('s3cret') })).body).toContain('kafka: away');
});

test('a page in a browser that leads its own name to loopback is refused', async () => {
  const url = await start();
  for (const path of ['/streams', '/']) {
    expect((await ask(`${url}${path}`, { headers: { host: 'evil.example:9464' } })).status, path).toBe(403);
  }
  for (const host of ['localhost:1', '127.0.0.1', '[::1]:9464']) {
    expect((await ask(`${url}/streams`, { headers: { host } })).status, host).toBe(200);
  }
});

test.each([
  ['another method', '/streams', { method: 'DELETE' }, 405, 'GET, HEAD'],
  ['a GET of what changes', '/dead-letters/replay', {}, 405, 'POST'],
  ['another path', '/nothing', {}, 404, 'POST /dead-letters/replay'],
  ['a path that is no URL', '/%zz', {}, 400, 'encoded'],
  ['no JSON', '/dead-letters/replay', { method: 'POST', body: '{' }, 400, 'JSON'],
  ['no object', '/dead-letters/replay', { method: 'POST', body: '[]' }, 400, 'object'],
  ['too much', '/dead-letters/replay', { method: 'POST', body: 'x'.repeat(maxBodyBytes + 1) }, 413, 'at most'],
  ['no reason', '/breakers/a/open', { method: 'POST', body: '{"author":"kim"}' }, 400, '"reason"'],
  ['a line end', '/breakers/a/open', { method: 'POST', body: '{"author":"k","reason":"a\\nb"}' }, 400, '"reason"'],
] as const)('%s is answered with what is right', async (_, path, options, status, advice) => {
  const answer = await ask(`${await start({ token: 't' })}${path}`, { ...options, headers: bearer('t') });
  expect(answer.status).toBe(status);
  expect(JSON.parse(answer.body).error).toContain(advice);
  if (status === 405) expect(answer.headers.allow).toBe(advice);
});

test('a taken port is told when it starts', async () => {
  const taken = new URL(await start());
  await expect(
    startOperationsServer({
      host: '127.0.0.1',
      port: Number(taken.port),
      metrics: createPrometheusMetrics(),
      readiness,
      logger: silentLogger,
    }),
  ).rejects.toThrow(expect.objectContaining({ code: 'start_failed', message: expect.stringContaining('is taken') }));
});
