import { createEventReader } from './event-reader.js';

/** Why the gateway did not do what was asked. */
export class Refusal extends Error {
  /** HTTP status; 0 when nobody answered. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The gateway's operations API. */
export interface Api {
  /** @throws Refusal */
  get<Answer>(path: string): Promise<Answer>;
  /** @throws Refusal */
  post<Answer>(path: string, body: object): Promise<Answer>;
  /** Whether it is ready and what it waits for; the same form whatever the answer. @throws Refusal */
  readiness(): Promise<{ readonly ready: boolean; readonly notReady?: readonly string[] }>;
  /** Reads an answer that goes on; resolves when the gateway ends it, or the signal does. @throws Refusal */
  follow<Event>(path: string, onEvent: (event: Event) => void, signal: AbortSignal): Promise<void>;
  token: string | null;
}

export interface ApiOptions {
  readonly fetch: typeof fetch;
  /** Where the token is kept until the tab is closed. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
}

const tokenName = 'naru-token';
/** Dead letters are read from Kafka, which may take half a minute. */
const answerWithinMs = 40_000;

export function createApi({ fetch, storage }: ApiOptions): Api {
  const ask = async (
    path: string,
    { body, signal = AbortSignal.timeout(answerWithinMs) }: { body?: object; signal?: AbortSignal } = {},
  ): Promise<Response> => {
    const token = storage.getItem(tokenName);
    try {
      return await fetch(path, {
        // A header rather than a cookie: no other page can make a browser send it.
        headers: token === null ? {} : { authorization: `Bearer ${token}` },
        signal,
        credentials: 'omit',
        redirect: 'error',
        ...(body && { method: 'POST', body: JSON.stringify(body) }),
      });
    } catch {
      throw new Refusal(0, 'The gateway does not answer.');
    }
  };
  const read = async <Answer>(response: Response): Promise<Answer> => {
    let answer: Answer & { readonly error?: unknown };
    try {
      answer = await response.json();
    } catch {
      throw new Refusal(response.status, 'The gateway answers with what is not JSON.');
    }
    if (!response.ok) throw new Refusal(response.status, String(answer.error));
    return answer;
  };
  return {
    get: async (path) => read(await ask(path)),
    post: async (path, body) => read(await ask(path, { body })),
    async follow(path, onEvent, signal) {
      // Not by EventSource, which cannot send a header.
      try {
        const response = await ask(path, { signal });
        if (!response.ok || !response.body) await read(response);
        const take = createEventReader((data) => onEvent(JSON.parse(data)));
        const decoder = new TextDecoder();
        const reader = response.body!.getReader();
        for (let next = await reader.read(); !next.done; next = await reader.read()) {
          take(decoder.decode(next.value, { stream: true }));
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
    async readiness() {
      const response = await ask('/readyz');
      if (response.status === 503) return response.json();
      return read(response);
    },
    get token() {
      return storage.getItem(tokenName);
    },
    set token(token) {
      if (token === null || token === '') storage.removeItem(tokenName);
      else storage.setItem(tokenName, token);
    },
  };
}
