import assert from 'node:assert/strict';
import type { WebsocketConnectionCache } from '../cache/websocket-connection-cache.js';
import type { ConnectionScope } from '../connection-scope.js';
import type { ContractCase } from './contract.js';

/** What a storage must offer to be checked: a cache over an empty storage whose entries live `ttlMs`. */
export interface ConnectionCacheSubject {
  readonly cache: WebsocketConnectionCache;
  readonly ttlMs: number;
  /** Returns once `ttlMs` have passed for the storage. */
  passTtl(): Promise<void>;
}

const scope: ConnectionScope = { exchange: 'upbit', region: 'korea', request_type: 'ticker' };
const other: ConnectionScope = { exchange: 'binance', region: 'asia', request_type: 'trade' };
const spec = {
  url: 'wss://api.upbit.com/websocket/v1',
  symbols: ['KRW-ETH', 'KRW-BTC'],
  socketParams: [{ ticket: 'x' }],
};

const code = (expected: string) => (error: unknown) => (error as { code?: unknown }).code === expected;

/** The promises of a connection cache, whatever it stores in. */
export const connectionCacheContract: readonly ContractCase<ConnectionCacheSubject>[] = [
  {
    title: 'reads back what was written, symbols sorted and once',
    async check({ cache, ttlMs }) {
      await cache.setConnectionSpec(scope, { ...spec, symbols: [...spec.symbols, 'KRW-BTC'], connectionId: 'c-1' });
      const read = await cache.getConnectionSpec(scope);
      assert.ok(read);
      const { startedAtMs, lastActiveMs, expiresInMs, ...rest } = read;
      assert.deepEqual(rest, {
        ...scope,
        url: spec.url,
        symbols: ['KRW-BTC', 'KRW-ETH'],
        socketParams: spec.socketParams,
        projection: null,
        status: 'connecting',
        connectionId: 'c-1',
      });
      assert.ok(lastActiveMs >= startedAtMs);
      assert.ok(expiresInMs > 0 && expiresInMs <= ttlMs);
    },
  },
  {
    title: 'keeps what is published and whose command it was, until a write says otherwise',
    async check({ cache }) {
      const published = { projection: ['close', 'volume'], correlationId: 'c-1' };
      await cache.setConnectionSpec(scope, { ...spec, ...published });
      await cache.updateState(scope, { status: 'connected' });
      const { projection, correlationId } = (await cache.getConnectionSpec(scope)) ?? {};
      assert.deepEqual({ projection, correlationId }, published);
      await cache.setConnectionSpec(scope, { ...spec, projection: null });
      const after = await cache.getConnectionSpec(scope);
      assert.equal(after?.projection, null);
      assert.equal(after?.correlationId, undefined);
      for (const wrong of [{ projection: [''] }, { projection: Array(101).fill('x') }, { correlationId: '' }]) {
        await assert.rejects(cache.setConnectionSpec(scope, { ...spec, ...wrong }), code('invalid_argument'));
      }
    },
  },
  {
    title: 'knows nothing of a scope that was never written',
    async check({ cache }) {
      assert.equal(await cache.getConnectionSpec(scope), undefined);
      assert.equal(await cache.removeConnection(scope), false);
      await assert.rejects(cache.updateState(scope, { status: 'connected' }), code('not_found'));
      await assert.rejects(cache.replaceSymbols(scope, ['KRW-BTC']), code('not_found'));
    },
  },
  {
    title: 'keeps the start time and the name while the connection is the same',
    async check({ cache }) {
      await cache.setConnectionSpec(scope, { ...spec, connectionId: 'c-1', startedAtMs: 1_000 });
      await cache.setConnectionSpec(scope, spec);
      await cache.setConnectionSpec(scope, { ...spec, connectionId: 'c-1' });
      const same = await cache.getConnectionSpec(scope);
      assert.equal(same?.startedAtMs, 1_000);
      assert.equal(same?.connectionId, 'c-1');
      await cache.setConnectionSpec(scope, { ...spec, connectionId: 'c-2' });
      assert.notEqual((await cache.getConnectionSpec(scope))?.startedAtMs, 1_000);
    },
  },
  {
    title: 'names a connection that came without a name',
    async check({ cache }) {
      await cache.setConnectionSpec(scope, spec);
      assert.ok((await cache.getConnectionSpec(scope))?.connectionId);
    },
  },
  {
    title: 'changes the state and leaves the rest',
    async check({ cache }) {
      await cache.setConnectionSpec(scope, { ...spec, connectionId: 'c-1', startedAtMs: 1_000 });
      await cache.updateState(scope, { status: 'connected', connectionId: 'c-9' });
      const read = await cache.getConnectionSpec(scope);
      assert.equal(read?.status, 'connected');
      assert.equal(read?.connectionId, 'c-9');
      assert.equal(read?.startedAtMs, 1_000);
      assert.deepEqual(read?.symbols, ['KRW-BTC', 'KRW-ETH']);
    },
  },
  {
    title: 'merges up to ten thousand symbols and refuses more whole',
    async check({ cache }) {
      const many = Array.from({ length: 10_000 }, (_, at) => `S${at}`);
      await cache.setConnectionSpec(scope, { ...spec, symbols: many.slice(0, 9_999) });
      await assert.rejects(cache.mergeSymbols(scope, ['S9999', 'S10000']), {
        code: 'invalid_argument',
        message: /^upbit\/korea\/ticker would have more than 10000 symbols/,
      });
      assert.equal((await cache.getConnectionSpec(scope))?.symbols.length, 9_999);
      await cache.mergeSymbols(scope, many);
      await cache.mergeSymbols(scope, ['S0', 'S9999']);
      assert.equal((await cache.getConnectionSpec(scope))?.symbols.length, 10_000);
    },
  },
  {
    title: 'replaces, merges and removes symbols, down to none and up to thousands',
    async check({ cache }) {
      await cache.setConnectionSpec(scope, spec);
      await cache.mergeSymbols(scope, ['KRW-XRP', 'KRW-BTC']);
      assert.deepEqual((await cache.getConnectionSpec(scope))?.symbols, ['KRW-BTC', 'KRW-ETH', 'KRW-XRP']);
      await cache.removeSymbols(scope, ['KRW-ETH', 'KRW-NONE']);
      assert.deepEqual((await cache.getConnectionSpec(scope))?.symbols, ['KRW-BTC', 'KRW-XRP']);
      await cache.replaceSymbols(scope, []);
      assert.deepEqual((await cache.getConnectionSpec(scope))?.symbols, []);
      const many = Array.from({ length: 10_000 }, (_, at) => `KRW-${String(at).padStart(5, '0')}`);
      await cache.replaceSymbols(scope, many);
      assert.deepEqual((await cache.getConnectionSpec(scope))?.symbols, many);
      await cache.setConnectionSpec(scope, { ...spec, symbols: [] });
      assert.deepEqual((await cache.getConnectionSpec(scope))?.symbols, []);
    },
  },
  {
    title: 'removes an entry whole and keeps others',
    async check({ cache }) {
      await cache.setConnectionSpec(scope, spec);
      await cache.setConnectionSpec(other, { ...spec, symbols: ['USDT-BTC'] });
      assert.deepEqual(await cache.listScopes(), [other, scope]);
      assert.equal(await cache.removeConnection(scope), true);
      assert.equal(await cache.getConnectionSpec(scope), undefined);
      assert.deepEqual(await cache.listScopes(), [other]);
      assert.deepEqual(
        (await cache.listConnections()).map(({ symbols }) => symbols),
        [['USDT-BTC']],
      );
    },
  },
  {
    title: 'refuses writers whose token is older, also after the entry was removed',
    async check({ cache }) {
      await cache.setConnectionSpec(scope, spec, { token: 7 });
      assert.equal((await cache.getConnectionSpec(scope))?.ownerToken, 7);
      await cache.updateState(scope, { status: 'connected' }, { token: 7 });
      await cache.replaceSymbols(scope, ['KRW-BTC'], { token: 9 });
      for (const token of [8, undefined]) {
        const options = token === undefined ? {} : { token };
        await assert.rejects(cache.setConnectionSpec(scope, spec, options), code('stale_token'));
        await assert.rejects(cache.updateState(scope, { status: 'disconnected' }, options), code('stale_token'));
        await assert.rejects(cache.mergeSymbols(scope, ['KRW-XRP'], options), code('stale_token'));
        await assert.rejects(cache.removeConnection(scope, options), code('stale_token'));
      }
      const read = await cache.getConnectionSpec(scope);
      assert.equal(read?.status, 'connected');
      assert.equal(read?.ownerToken, 9);
      assert.deepEqual(read?.symbols, ['KRW-BTC']);
      assert.equal(await cache.removeConnection(scope, { token: 9 }), true);
      await assert.rejects(cache.setConnectionSpec(scope, spec, { token: 8 }), code('stale_token'));
      assert.equal(await cache.getConnectionSpec(scope), undefined);
      await cache.setConnectionSpec(scope, spec, { token: 10 });
    },
  },
  {
    title: 'lets hash, symbols and fence expire together',
    async check({ cache, passTtl }) {
      await cache.setConnectionSpec(scope, spec, { token: 5 });
      await passTtl();
      assert.equal(await cache.getConnectionSpec(scope), undefined);
      assert.deepEqual(await cache.listScopes(), []);
      await assert.rejects(cache.updateState(scope, {}, { token: 5 }), code('not_found'));
      await cache.setConnectionSpec(scope, { ...spec, symbols: [] });
      assert.deepEqual((await cache.getConnectionSpec(scope))?.symbols, []);
    },
  },
  {
    title: 'refuses arguments that could not be stored or read back',
    async check({ cache }) {
      const refuses = (work: Promise<unknown>): Promise<void> => assert.rejects(work, code('invalid_argument'));
      await refuses(cache.setConnectionSpec({ ...scope, exchange: 'a:b' }, spec));
      await refuses(cache.getConnectionSpec({ ...scope, region: '' }));
      await refuses(cache.setConnectionSpec(scope, { ...spec, url: 'not a url' }));
      await refuses(cache.setConnectionSpec(scope, { ...spec, symbols: [''] }));
      await refuses(cache.setConnectionSpec(scope, { ...spec, symbols: Array.from({ length: 10_001 }, String) }));
      await refuses(cache.setConnectionSpec(scope, { ...spec, status: 'open' as 'connected' }));
      await refuses(cache.setConnectionSpec(scope, { ...spec, connectionId: '' }));
      await refuses(cache.setConnectionSpec(scope, { ...spec, startedAtMs: Number.NaN }));
      await refuses(cache.setConnectionSpec(scope, { ...spec, socketParams: { blob: 'x'.repeat(65_536) } }));
      const cycle: Record<string, unknown> = {};
      cycle.self = cycle;
      await refuses(cache.setConnectionSpec(scope, { ...spec, socketParams: cycle }));
      await refuses(cache.setConnectionSpec(scope, spec, { token: 0.5 }));
      assert.equal(await cache.getConnectionSpec(scope), undefined);
    },
  },
];
