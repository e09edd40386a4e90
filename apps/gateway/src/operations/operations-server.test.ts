import { afterEach, expect, test } from 'vitest';
import type { StreamReport } from '../orchestration/stream-orchestrator.js';
import { type OperationsServer, startOperationsServer } from './operations-server.js';
import { createPrometheusMetrics } from './prometheus-metrics.js';
import { exposeStreams } from './stream-metrics.js';

const accounts = { received: 5, acknowledged: 3, conflated: 0, dropped: 1, buffered: 1 };
const report: StreamReport = {
  target: { exchange: 'upbit', region: 'korea', request_type: 'trade' },
  stream: null,
  accounts,
  latency: null,
  firstAcknowledgedAt: null,
};

let server: OperationsServer | undefined;
afterEach(() => server?.close());

async function start(notReady: string[] = []): Promise<string> {
  const metrics = createPrometheusMetrics();
  exposeStreams(metrics.registry, () => [report]);
  metrics.count('naru_things_total', 2, { kind: 'a' });
  metrics.count('naru_things_total', 1, { kind: 'a' });
  server = await startOperationsServer({
    host: '127.0.0.1',
    port: 0,
    metrics,
    report: () => [report],
    totals: () => ({ ...accounts, latency: null }),
    notReady: () => notReady,
  });
  return server.url;
}

test('lives, and names what is not ready', async () => {
  const url = await start(['kafka']);
  expect((await fetch(`${url}/livez`)).status).toBe(200);
  const ready = await fetch(`${url}/readyz`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({ ready: false, notReady: ['kafka'] });
});

test('shows the accounts of every stream', async () => {
  const url = await start();
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect(await (await fetch(`${url}/streams`)).json()).toEqual({
    totals: { ...accounts, latency: null },
    streams: [report],
  });
});

test('exposes metrics by their names, the accounts among them', async () => {
  const url = await start();
  for (let scrape = 0; scrape < 2; scrape += 1) {
    const body = await (await fetch(`${url}/metrics`)).text();
    expect(body).toContain('naru_things_total{kind="a"} 3');
    expect(body).toContain('gateway_ticks_received_total{exchange="upbit",region="korea",request_type="trade"} 5');
    expect(body).toContain('gateway_ticks_buffered{exchange="upbit",region="korea",request_type="trade"} 1');
  }
});

test('changes nothing and says what it serves', async () => {
  const url = await start();
  expect((await fetch(`${url}/streams`, { method: 'DELETE' })).status).toBe(405);
  const missing = await fetch(`${url}/nothing`);
  expect(missing.status).toBe(404);
  expect(await missing.text()).toContain('/metrics');
});

test('a taken port is told when it starts', async () => {
  const taken = new URL(await start());
  await expect(
    startOperationsServer({
      host: '127.0.0.1',
      port: Number(taken.port),
      metrics: createPrometheusMetrics(),
      report: () => [],
      totals: () => ({ ...accounts, latency: null }),
      notReady: () => [],
    }),
  ).rejects.toThrow('EADDRINUSE');
});
