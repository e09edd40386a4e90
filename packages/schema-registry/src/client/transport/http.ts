import { Agent, type Dispatcher, fetch } from 'undici';
import { SchemaRegistryError } from '../../registry-error.js';

/** What a TLS connection needs beyond the system's trust store. PEM texts or their bytes. */
export interface RegistryTlsOptions {
  /** Certificate authorities to trust instead of the system's. */
  readonly ca?: string | Buffer | readonly (string | Buffer)[];
  /** Client certificate, for registries that ask for one, with its key. */
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly passphrase?: string;
  /** Name to expect in the certificate when it is not the host of the address. */
  readonly servername?: string;
  /** False accepts any certificate: for experiments only. Default true. */
  readonly rejectUnauthorized?: boolean;
}

/** An undici dispatcher, such as its `ProxyAgent`. */
export type RegistryDispatcher = Dispatcher;

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly signal: AbortSignal;
}

export interface HttpReply {
  readonly status: number;
  /** The `retry-after` header, when there is one. */
  readonly retryAfter: string | undefined;
  readonly body: string;
}

export interface Http {
  /** Rejects with what `fetch` rejects with, and with `response_too_large`. */
  send(request: HttpRequest): Promise<HttpReply>;
  close(): Promise<void>;
}

export interface HttpOptions {
  readonly tls: RegistryTlsOptions | undefined;
  readonly dispatcher: RegistryDispatcher | undefined;
  readonly maxResponseBytes: number;
}

/** For each address. Requests beyond wait for a free one. */
const maxConnections = 16;

/** The only place that knows undici. Its own `fetch`, because Node's refuses dispatchers of another undici major. */
export function createHttp({ tls, dispatcher, maxResponseBytes }: HttpOptions): Http {
  const connect = tls ? { connect: { ...tls, ca: mutable(tls.ca) } } : {};
  const own = dispatcher ? undefined : new Agent({ connections: maxConnections, ...connect });
  return {
    async send({ method, url, headers, body, signal }) {
      const response = await fetch(url, {
        method,
        headers: { ...headers },
        body: body ?? null,
        signal,
        dispatcher: dispatcher ?? own!,
      });
      return {
        status: response.status,
        retryAfter: response.headers.get('retry-after') ?? undefined,
        body: await readBounded(response.body, maxResponseBytes),
      };
    },
    // What was given stays the giver's.
    close: async () => own?.destroy(),
  };
}

async function readBounded(body: AsyncIterable<Uint8Array> | null, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop early cancels the stream.
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) {
      throw new SchemaRegistryError(
        `The registry's answer is larger than ${maxBytes} bytes. Raise maxResponseBytes if it is meant to be.`,
        { code: 'response_too_large' },
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function mutable<T>(value: T | readonly T[] | undefined): T | T[] | undefined {
  return Array.isArray(value) ? [...value] : (value as T | undefined);
}
