import type { Clock, Logger } from '@naru/core';
import { SchemaRegistryError } from '../../registry-error.js';
import { authorizationHeader, type RegistryAuth } from './authorization.js';
import { errorFromReply, isTransient } from './error-from-reply.js';
import type { Http, HttpReply, HttpRequest } from './http.js';
import { abortedError, onAbort } from './on-abort.js';
import { requestTarget } from './request-target.js';
import { retryDelayMs } from './retry-delay.js';

export interface RegistryRequest {
  readonly method: HttpRequest['method'];
  /** Segments of the path; each is encoded. */
  readonly path: readonly (string | number)[];
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  /** Any of them ends the request. */
  readonly signals: readonly AbortSignal[];
}

/** Sends one request to whichever registry answers, and gives the text of a success. */
export interface Transport {
  send(request: RegistryRequest): Promise<string>;
}

export interface TransportOptions {
  readonly http: Http;
  readonly urls: readonly string[];
  readonly auth: RegistryAuth | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
}

const mediaType = 'application/vnd.schemaregistry.v1+json';

export function createTransport(options: TransportOptions): Transport {
  const { urls, clock, logger } = options;
  // The address that answered last is asked first.
  let preferred = 0;

  async function send(request: RegistryRequest): Promise<string> {
    const retries = mayRepeat(request) ? options.retries : 0;
    for (let attempt = 0; ; attempt++) {
      const outcome = await tryEachUrl(request);
      if ('body' in outcome) return outcome.body;
      if (attempt >= retries) throw outcome.error;
      const delayMs = retryDelayMs({ ...options, attempt, retryAfter: outcome.retryAfter, nowMs: clock.now() });
      logger.warn('schema registry request failed, trying again', { error: outcome.error.message, attempt, delayMs });
      await wait(clock, delayMs, request.signals);
    }
  }

  type Outcome =
    | { readonly body: string }
    | { readonly error: SchemaRegistryError; readonly retryAfter?: string | undefined };

  /** Another address only after a network error, 408, 429 or 5xx; every other answer is the answer. */
  async function tryEachUrl(request: RegistryRequest): Promise<Outcome> {
    const target = requestTarget(request);
    const isRepeatable = mayRepeat(request);
    const start = preferred;
    let last: Outcome | undefined;
    for (let offset = 0; offset < urls.length; offset++) {
      const index = (start + offset) % urls.length;
      const asked = `${request.method} ${urls[index]}/${target}`;
      let reply: HttpReply;
      try {
        reply = await sendOnce(request, `${urls[index]}/${target}`);
      } catch (cause) {
        last = { error: networkError(asked, cause, request.signals, options.timeoutMs) };
        if (!last.error.retryable || !(isRepeatable || neverArrived(cause))) throw last.error;
        continue;
      }
      if (reply.status >= 200 && reply.status < 300) {
        preferred = index;
        return { body: reply.body };
      }
      last = { error: errorFromReply(asked, reply), retryAfter: reply.retryAfter };
      if (!isTransient(reply.status) || !isRepeatable) throw last.error;
    }
    return last!;
  }

  async function sendOnce(request: RegistryRequest, url: string): Promise<HttpReply> {
    const abort = new AbortController();
    if (request.signals.some((signal) => signal.aborted)) abort.abort();
    const stop = onAbort(request.signals, () => abort.abort());
    const cancelTimeout = clock.schedule(options.timeoutMs, () => abort.abort(timedOut));
    try {
      const authorization = options.auth && (await untilAborted(readAuthorization(options.auth), abort.signal));
      return await options.http.send({
        method: request.method,
        url,
        headers: {
          accept: `${mediaType}, application/json;q=0.9`,
          ...(request.body === undefined ? {} : { 'content-type': mediaType }),
          ...(authorization ? { authorization } : {}),
          ...options.headers,
        },
        body: request.body === undefined ? undefined : JSON.stringify(request.body),
        signal: abort.signal,
      });
    } finally {
      cancelTimeout();
      stop();
    }
  }

  return { send };
}

const timedOut = Symbol('timed out');

/** A repeated delete whose first answer was lost would report "not found" for a deletion that worked. */
function mayRepeat({ method }: RegistryRequest): boolean {
  return method !== 'DELETE';
}

const connectFailures: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Nobody was there to do anything, so asking somebody else is no repetition. */
function neverArrived(error: unknown): boolean {
  return connectFailures.has((error as { cause?: { code?: unknown } }).cause?.code);
}

/** A token function may hang like any server. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason);
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    promise.then(resolve, reject);
  });
}

async function readAuthorization(auth: RegistryAuth): Promise<string> {
  try {
    return await authorizationHeader(auth);
  } catch (cause) {
    throw new SchemaRegistryError('The token function of "auth" failed. See the cause.', {
      code: 'unauthorized',
      cause,
    });
  }
}

function networkError(
  asked: string,
  cause: unknown,
  signals: readonly AbortSignal[],
  timeoutMs: number,
): SchemaRegistryError {
  if (cause instanceof SchemaRegistryError) return cause;
  const aborted = signals.find((signal) => signal.aborted);
  if (aborted) return abortedError(aborted);
  if (cause === timedOut) {
    return new SchemaRegistryError(
      `${asked} got no answer within ${timeoutMs} ms. Check that the registry is well, or raise timeoutMs.`,
      { code: 'timeout', retryable: true },
    );
  }
  const reason = reasonOf(cause);
  return new SchemaRegistryError(
    `${asked} did not reach a schema registry (${reason}). Check the address and that the registry runs.`,
    { code: 'unreachable', retryable: true, cause },
  );
}

/** `fetch` says only "fetch failed"; the reason is in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof AggregateError) return cause.errors.map((one: Error) => one.message).join('; ');
  return cause instanceof Error ? cause.message || cause.name : error.message;
}

function wait(clock: Clock, delayMs: number, signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const aborted = signals.find((signal) => signal.aborted);
    if (aborted) {
      reject(abortedError(aborted));
      return;
    }
    const cancel = clock.schedule(delayMs, () => {
      stop();
      resolve();
    });
    const stop = onAbort(signals, (signal) => {
      cancel();
      stop();
      reject(abortedError(signal));
    });
  });
}
