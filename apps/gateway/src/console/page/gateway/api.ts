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
  const ask = async (path: string, body?: object): Promise<Response> => {
    const token = storage.getItem(tokenName);
    try {
      return await fetch(path, {
        // A header rather than a cookie: no other page can make a browser send it.
        headers: token === null ? {} : { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(answerWithinMs),
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
    post: async (path, body) => read(await ask(path, body)),
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
