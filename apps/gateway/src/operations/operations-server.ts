import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '@naru/core';
import { pageHeaders, readPageFiles } from '../console/page-files.js';
import { GatewayError } from '../gateway-error.js';
import { type Access, createAccess } from './access.js';
import { ApiProblem } from './api-problem.js';
import { EventStream, sendEvents } from './event-stream.js';
import type { PrometheusMetrics } from './prometheus-metrics.js';
import type { Readiness } from './readiness.js';
import { type OperationsSources, type Route, routes } from './routes.js';

export interface OperationsServerOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Changes ask for it, and everything where `host` is not loopback. */
  readonly token?: string | undefined;
  readonly metrics: Pick<PrometheusMetrics, 'render'>;
  readonly readiness: Pick<Readiness, 'problems'>;
  readonly logger: Logger;
}

/** Health, metrics, the operations API and the console page over HTTP. */
export interface OperationsServer extends AsyncDisposable {
  readonly url: string;
  /** Answers with these from now on; until then, only health, metrics and the page are served. */
  serve(sources: OperationsSources): void;
  close(): Promise<void>;
}

/** What is answered by others than the routes. */
interface Answerers extends Pick<OperationsServerOptions, 'metrics' | 'readiness'> {
  readonly access: Access;
  readonly page: ReturnType<typeof readPageFiles>;
}

/** Connections of scrapers and operators at once; more are refused. */
const maxConnections = 100;
const requestTimeoutMs = 15_000;

export async function startOperationsServer(options: OperationsServerOptions): Promise<OperationsServer> {
  const { metrics, readiness } = options;
  const access = createAccess({ host: options.host, token: options.token });
  const answerers = { metrics, readiness, access, page: readPageFiles() };
  let sources: OperationsSources | undefined;
  const server = createServer({ requestTimeout: requestTimeoutMs, headersTimeout: 5_000 }, (request, response) => {
    respond(request, response, answerers, sources).catch((error: unknown) => fail(response, error, options.logger));
  });
  server.maxConnections = maxConnections;
  await listen(server, options);
  const { address, family, port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    serve(given) {
      sources = given;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { metrics, readiness, access, page }: Answerers,
  sources: OperationsSources | undefined,
): Promise<void> {
  const [path = '/', query] = (request.url ?? '/').split('?', 2);
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  switch (path) {
    case '/livez':
      onlyGet(method);
      return json(response, 200, { alive: true });
    case '/readyz': {
      onlyGet(method);
      const notReady = readiness.problems();
      const ready = notReady.length === 0;
      // Probes carry no token: without one they learn yes or no.
      return json(response, ready ? 200 : 503, access.allows(request, 'read') ? { ready, notReady } : { ready });
    }
    case '/metrics': {
      onlyGet(method);
      access.check(request, 'read');
      const { contentType, body } = await metrics.render();
      response.writeHead(200, { 'content-type': contentType }).end(body);
      return;
    }
  }
  const file = page.get(path);
  if (file) {
    onlyGet(method);
    access.check(request, 'page');
    response
      .writeHead(200, { 'content-type': file.contentType, 'content-length': file.body.length, ...pageHeaders })
      .end(file.body);
    return;
  }
  const { route, parts } = findRoute(method, decodePath(path));
  access.check(request, route.right);
  if (!sources) throw new ApiProblem(503, 'The gateway is still starting; /readyz says what it waits for.');
  const answer = await route.answer(sources, { request, parts, query: new URLSearchParams(query) });
  if (answer instanceof EventStream) sendEvents(response, answer);
  else json(response, 200, answer);
}

function findRoute(method: string | undefined, path: string): { route: Route; parts: readonly string[] } {
  const there = routes.flatMap((route) => {
    const match = route.matches.exec(path);
    return match ? [{ route, parts: match.slice(1) }] : [];
  });
  const found = there.find(({ route }) => route.method === method);
  if (found) return found;
  if (there.length > 0) {
    const allowed = there.map(({ route }) => (route.method === 'GET' ? 'GET, HEAD' : route.method)).join(', ');
    throw new ApiProblem(405, `This path takes ${allowed}.`, { allow: allowed });
  }
  const served = ['/', '/livez', '/readyz', '/metrics', ...routes.map((route) => `${route.method} ${route.path}`)];
  throw new ApiProblem(404, `There is nothing here. Served are ${served.join(', ')}.`);
}

function onlyGet(method: string | undefined): void {
  if (method !== 'GET') throw new ApiProblem(405, 'This path takes GET, HEAD.', { allow: 'GET, HEAD' });
}

/** A name such as upbit/korea/trade may stand in a path as it is, or encoded. */
function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new ApiProblem(400, 'The path is not encoded as URLs are.');
  }
}

function fail(response: ServerResponse, error: unknown, logger: Logger): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { message } = error as Error;
  if (error instanceof ApiProblem) {
    json(response, error.status, { error: message }, error.headers);
  } else if (error instanceof GatewayError && error.code === 'invalid_request') {
    json(response, 400, { error: message });
  } else {
    logger.error('an operations request failed', { error: message });
    json(response, 500, { error: message });
  }
}

function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = `${JSON.stringify(body)}\n`;
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      ...headers,
    })
    .end(text);
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void =>
      reject(new GatewayError('start_failed', whyNoListening(error, host, port), { cause: error }));
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      resolve();
    });
  });
}

function whyNoListening(error: NodeJS.ErrnoException, host: string, port: number): string {
  const advice: Readonly<Record<string, string>> = {
    EADDRINUSE: 'is taken, perhaps by another gateway. Choose another NARU_OPERATIONS_PORT; 0 takes a free one.',
    EADDRNOTAVAIL: 'is no address of this machine. Correct NARU_OPERATIONS_HOST.',
    ENOTFOUND: 'has a name that is not known. Correct NARU_OPERATIONS_HOST.',
    EACCES: 'may not be listened on by this user. Choose a NARU_OPERATIONS_PORT above 1023.',
  };
  return `The operations address ${host}:${port} ${advice[error.code ?? ''] ?? `cannot be listened on: ${error.message}.`}`;
}
