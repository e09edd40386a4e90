import { expect, test } from 'vitest';
import { createApi, Refusal } from './api.js';

function setUp(answer: () => Response) {
  const asked: { readonly path: unknown; readonly init: RequestInit | undefined }[] = [];
  const kept = new Map<string, string>();
  const api = createApi({
    fetch: async (path, init) => {
      asked.push({ path, init });
      return answer();
    },
    storage: {
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, value) => void kept.set(name, value),
      removeItem: (name) => void kept.delete(name),
    },
  });
  return { api, asked, kept };
}

test('the token goes along as a header from when it is known, and nothing else does', async () => {
  const { api, asked, kept } = setUp(() => Response.json({ a: 1 }));
  expect(await api.get('/streams')).toEqual({ a: 1 });
  api.token = 's3cret';
  await api.post('/breakers/x/open', { reason: 'r' });
  api.token = '';
  await api.get('/streams');
  expect(asked.map(({ init }) => init?.headers)).toEqual([{}, { authorization: 'Bearer s3cret' }, {}]);
  expect(asked.map(({ init }) => [init?.method, init?.body, init?.credentials])).toEqual([
    [undefined, undefined, 'omit'],
    ['POST', '{"reason":"r"}', 'omit'],
    [undefined, undefined, 'omit'],
  ]);
  expect(kept.size).toBe(0);
});

test('a refusal says why, with its status', async () => {
  const { api } = setUp(() => Response.json({ error: 'Send the token.' }, { status: 401 }));
  const refusal = await api.get('/streams').catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(Refusal);
  expect(refusal).toEqual(expect.objectContaining({ status: 401, message: 'Send the token.' }));
});

test('nobody answering, and an answer of somebody else, are told apart', async () => {
  const away = setUp(() => {
    throw new TypeError('Failed to fetch');
  });
  await expect(away.api.get('/streams')).rejects.toEqual(expect.objectContaining({ status: 0 }));
  const proxy = setUp(() => new Response('<h1>Bad gateway</h1>', { status: 502 }));
  await expect(proxy.api.get('/streams')).rejects.toEqual(expect.objectContaining({ status: 502 }));
});

test('an answer that goes on is followed to its end, or until it is enough', async () => {
  const heard: unknown[] = [];
  const events = 'data: {"n":1}\n\ndata: {"n":"나"}\n\n';
  const { api } = setUp(() => new Response(events));
  await api.follow('/tap', (event) => heard.push(event), new AbortController().signal);
  expect(heard).toEqual([{ n: 1 }, { n: '나' }]);
  const refused = setUp(() => Response.json({ error: 'no such stream' }, { status: 404 }));
  await expect(refused.api.follow('/tap', () => {}, new AbortController().signal)).rejects.toThrow('no such stream');
  const away = setUp(() => {
    throw new TypeError('aborted');
  });
  await away.api.follow('/tap', () => {}, AbortSignal.abort());
});

test('a gateway that is not ready answers as well', async () => {
  const body = { ready: false, notReady: ['kafka: not reached yet'] };
  expect(await setUp(() => Response.json(body, { status: 503 })).api.readiness()).toEqual(body);
  await expect(setUp(() => Response.json({ error: 'no' }, { status: 403 })).api.readiness()).rejects.toThrow('no');
});
