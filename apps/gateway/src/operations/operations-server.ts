import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StreamReport, StreamTotals } from '../orchestration/stream-orchestrator.js';
import type { PrometheusMetrics } from './prometheus-metrics.js';

export interface OperationsServerOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly metrics: Pick<PrometheusMetrics, 'render'>;
  readonly report: () => readonly StreamReport[];
  readonly totals: () => StreamTotals;
  /** Names of what is not ready; never depends on an exchange being up. */
  readonly notReady: () => readonly string[];
}

/** Health, metrics and the read API over HTTP. It changes nothing, so it asks for no token. */
export interface OperationsServer extends AsyncDisposable {
  readonly url: string;
  close(): Promise<void>;
}

export async function startOperationsServer(options: OperationsServerOptions): Promise<OperationsServer> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      respondJson(response, 405, { error: 'only GET is served here' }, { allow: 'GET, HEAD' });
      return;
    }
    const path = (request.url ?? '/').split('?')[0];
    route(path ?? '/', response, options).catch((error: Error) => respondJson(response, 500, { error: error.message }));
  });
  await listen(server, options);
  const { address, family, port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function route(path: string, response: ServerResponse, options: OperationsServerOptions): Promise<void> {
  switch (path) {
    case '/livez':
      return respondJson(response, 200, { alive: true });
    case '/readyz': {
      const notReady = options.notReady();
      return respondJson(response, notReady.length === 0 ? 200 : 503, { ready: notReady.length === 0, notReady });
    }
    case '/metrics': {
      const { contentType, body } = await options.metrics.render();
      response.writeHead(200, { 'content-type': contentType }).end(body);
      return;
    }
    case '/streams':
      return respondJson(response, 200, { totals: options.totals(), streams: options.report() });
    default:
      return respondJson(response, 404, { error: 'served here: /livez, /readyz, /metrics, /streams' });
  }
}

function respondJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(`${JSON.stringify(body)}\n`);
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
