import assert from 'node:assert/strict';
import type { ConnectionScope } from '../connection-scope.js';
import type { LeaseStore } from '../leases/lease-store.js';
import type { ContractCase } from './contract.js';

/** What a lease store must offer to be checked: an empty store, and its time in the test's hands. */
export interface LeaseStoreSubject {
  readonly leases: LeaseStore;
  advance(ms: number): Promise<void>;
}

const scope: ConnectionScope = { exchange: 'upbit', region: 'korea', request_type: 'ticker' };
const other: ConnectionScope = { exchange: 'binance', region: 'asia', request_type: 'trade' };

async function take(leases: LeaseStore, owner: string, of: ConnectionScope = scope, ttlMs = 10_000): Promise<number> {
  const answer = await leases.acquire(of, owner, ttlMs);
  assert.ok(answer.acquired, `${owner} acquires`);
  return answer.token;
}

/** The promises of a lease store, whatever it stores in. */
export const leaseStoreContract: readonly ContractCase<LeaseStoreSubject>[] = [
  {
    title: 'gives a free scope to the first who asks and tells others whose it is',
    async check({ leases, advance }) {
      const token = await take(leases, 'a');
      await advance(4_000);
      assert.deepEqual(await leases.acquire(scope, 'b', 10_000), {
        acquired: false,
        owner: 'a',
        token,
        expiresInMs: 6_000,
      });
      assert.notEqual(await take(leases, 'b', other), undefined);
    },
  },
  {
    title: 'answers the same token to an owner who asks again, and never shortens the lease',
    async check({ leases, advance }) {
      const token = await take(leases, 'a');
      assert.deepEqual(await leases.acquire(scope, 'a', 1_000), { acquired: true, token, expiresInMs: 10_000 });
      await advance(9_000);
      assert.deepEqual(await leases.acquire(scope, 'a', 10_000), { acquired: true, token, expiresInMs: 10_000 });
    },
  },
  {
    title: 'expires exactly at the end of its time',
    async check({ leases, advance }) {
      const token = await take(leases, 'a');
      await advance(9_999);
      assert.equal((await leases.acquire(scope, 'b', 10_000)).acquired, false);
      assert.deepEqual(await leases.listExpired(10), []);
      await advance(1);
      assert.equal(await leases.renew(scope, token, 10_000), false);
      assert.equal(await leases.release(scope, token), false);
      assert.deepEqual(await leases.listExpired(10), [{ scope, owner: 'a', token, expiresInMs: 0 }]);
      assert.ok((await take(leases, 'b')) > token);
    },
  },
  {
    title: 'renews for the holder only',
    async check({ leases, advance }) {
      const token = await take(leases, 'a');
      await advance(9_000);
      assert.equal(await leases.renew(scope, token, 10_000), true);
      assert.equal(await leases.renew(scope, token + 1, 10_000), false);
      assert.equal(await leases.renew(other, token, 10_000), false);
      await advance(9_999);
      assert.equal((await leases.acquire(scope, 'b', 10_000)).acquired, false);
    },
  },
  {
    title: 'gives ever larger tokens, also after a release and when the clock stands still',
    async check({ leases, advance }) {
      let last = 0;
      for (const owner of ['a', 'b', 'a', 'a']) {
        const token = await take(leases, owner);
        assert.ok(token > last, `${token} > ${last}`);
        assert.equal(await leases.release(scope, token), true);
        assert.equal(await leases.release(scope, token), false);
        last = token;
      }
      await advance(60_000);
      assert.ok((await take(leases, 'c')) > last);
    },
  },
  {
    title: 'takes over what expired, longest expired first, at most as many as asked for',
    async check({ leases, advance }) {
      const scopes = ['a', 'b', 'c'].map((exchange) => ({ exchange, region: 'r', request_type: 't' }));
      const tokens: number[] = [];
      for (const [at, of] of scopes.entries()) tokens.push(await take(leases, 'old', of, 1_000 * (3 - at)));
      await take(leases, 'old', other, 60_000);
      assert.deepEqual(await leases.takeOver('new', 10_000, 5), []);
      await advance(3_000);
      assert.deepEqual(
        (await leases.listExpired(2)).map((lease) => lease.scope.exchange),
        ['c', 'b'],
      );
      const taken = await leases.takeOver('new', 10_000, 2);
      assert.deepEqual(
        taken.map(({ scope: { exchange }, owner, expiresInMs }) => ({ exchange, owner, expiresInMs })),
        [
          { exchange: 'c', owner: 'new', expiresInMs: 10_000 },
          { exchange: 'b', owner: 'new', expiresInMs: 10_000 },
        ],
      );
      assert.ok(taken[0]!.token > tokens[2]! && taken[1]!.token > tokens[1]!);
      assert.deepEqual(
        (await leases.list()).map((lease) => [lease.scope.exchange, lease.owner, lease.expiresInMs]),
        [
          ['a', 'old', 0],
          ['b', 'new', 10_000],
          ['c', 'new', 10_000],
          ['binance', 'old', 57_000],
        ],
      );
      assert.equal(await leases.renew(scopes[2]!, tokens[2]!, 10_000), false);
      assert.equal(await leases.renew(scopes[2]!, taken[0]!.token, 10_000), true);
    },
  },
  {
    title: 'hands a lease over at once, to whoever takes over or asks first',
    async check({ leases, advance }) {
      const token = await take(leases, 'a');
      await advance(2_000);
      assert.equal(await leases.handOver(scope, token + 1), false);
      assert.equal(await leases.handOver(other, token), false);
      assert.equal(await leases.handOver(scope, token), true);
      assert.equal(await leases.handOver(scope, token), false);
      assert.equal(await leases.renew(scope, token, 10_000), false);
      assert.deepEqual(await leases.listExpired(10), [{ scope, owner: 'a', token, expiresInMs: 0 }]);
      const [taken] = await leases.takeOver('b', 10_000, 5);
      assert.ok(taken && taken.token > token && taken.owner === 'b');
      assert.equal(await leases.handOver(scope, token), false);
      assert.equal(await leases.handOver(scope, taken.token), true);
      assert.ok((await take(leases, 'c')) > taken.token);
    },
  },
  {
    title: 'refuses arguments out of range',
    async check({ leases }) {
      const refuses = (work: () => Promise<unknown>): Promise<void> =>
        assert.rejects(work, (error: { code?: unknown }) => error.code === 'invalid_argument');
      await refuses(async () => leases.acquire({ ...scope, exchange: 'a/b' }, 'a', 1));
      await refuses(async () => leases.acquire(scope, '', 1));
      await refuses(async () => leases.acquire(scope, 'a', 0));
      await refuses(async () => leases.acquire(scope, 'a', 86_400_001));
      await refuses(async () => leases.renew(scope, 0, 1));
      await refuses(async () => leases.handOver(scope, 0));
      await refuses(async () => leases.takeOver('a', 1, 0));
      await refuses(async () => leases.listExpired(10_001));
      assert.deepEqual(await leases.list(), []);
    },
  },
];
