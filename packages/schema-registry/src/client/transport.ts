import type { Clock, Logger } from '@naru/core';
import { SchemaRegistryError } from '../registry-error.js';
import { authorizationHeader, type RegistryAuth } from './authorization.js';
import { errorFromReply, isTransient } from './error-from-reply.js';
import type { Http, HttpReply, HttpRequest } from './http.js';
import { abortedError, onAbort } from './on-abort.js';
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
    // A repeated delete whose first answer was lost would report "not found" for a deletion that worked.
    const retries = request.method === 'DELETE' ? 0 : options.retries;
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
    const target = `${request.path.map(encodeSegment).join('/')}${queryOf(request)}`;
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
        if (!last.error.retryable) throw last.error;
        continue;
      }
      if (reply.status >= 200 && reply.status < 300) {
        preferred = index;
        return { body: reply.body };
      }
      last = { error: errorFromReply(asked, reply), retryAfter: reply.retryAfter };
      if (!isTransient(reply.status)) throw last.error;
    }
    return last!;
  }

  async function sendOnce(request: RegistryRequest, url: string): Promise<HttpReply> {
    const abort = new AbortController();
    if (request.signals.some((signal) => signal.aborted)) abort.abort();
    const stop = onAbort(request.signals, () => abort.abort());
    const cancelTimeout = clock.schedule(options.timeoutMs, () => abort.abort(timedOut));
    try {
      const authorization = options.auth && (await readAuthorization(options.auth));
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

/** Subjects may hold slashes, spaces, percent signs and colons. Lone surrogates and control characters are refused. */
function encodeSegment(segment: string | number): string {
  const text = String(segment);
  if (text === '' || /[\p{Surrogate}\p{Cc}]/u.test(text)) {
    throw new SchemaRegistryError(`${JSON.stringify(segment)} cannot stand in an address. Use another name.`, {
      code: 'invalid_argument',
    });
  }
  // `fetch` would resolve "." and ".." away, even when they are encoded.
  if (text === '.' || text === '..') {
    throw new SchemaRegistryError(`"${text}" cannot be a subject over HTTP. Use another name.`, {
      code: 'invalid_argument',
    });
  }
  return encodeURIComponent(text);
}

function queryOf({ query }: RegistryRequest): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== false);
  const text = new URLSearchParams(given.map(([key, value]): [string, string] => [key, String(value)])).toString();
  return text && `?${text}`;
}
