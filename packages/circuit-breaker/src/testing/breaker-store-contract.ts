import assert from 'node:assert/strict';
import type { BreakerStore, ProbeOutcome, StoreAnswer } from '../stores/breaker-store.js';
import { type CircuitSnapshot, freshCircuit } from '../stores/circuit-snapshot.js';
import type { ContractCase } from './contract.js';

/** What a store must offer to be checked: no circuits yet, and its time in the test's hands. */
export interface BreakerStoreSubject {
  readonly store: BreakerStore;
  advance(ms: number): Promise<void>;
}

const name = 'upbit/korea/ticker';
const openMs = 60_000;
const leaseMs = 10_000;

const trip = (store: BreakerStore, instance = 'a', epoch = 0, quorum = 1): Promise<StoreAnswer> =>
  store.trip(name, { instance, epoch, quorum, voteMs: 30_000, openMs });

const acquire = (store: BreakerStore, token: string, maxProbes = 3): Promise<StoreAnswer> =>
  store.acquire(name, { token, leaseMs, maxProbes });

const report = (store: BreakerStore, token: string, epoch: number, outcome: ProbeOutcome): Promise<StoreAnswer> =>
  store.report(name, { token, epoch, outcome, successThreshold: 2, openMs });

/** Opens the circuit, waits until probes may pass, takes the first and answers the half-open generation. */
async function halfOpen({ store, advance }: BreakerStoreSubject, token = 'p1'): Promise<number> {
  await trip(store);
  await advance(openMs);
  const { applied, snapshot } = await acquire(store, token);
  assert.ok(applied);
  return snapshot.epoch;
}

function assertCircuit(actual: CircuitSnapshot, expected: Partial<CircuitSnapshot>): void {
  const picked = Object.fromEntries(Object.keys(expected).map((key) => [key, actual[key as keyof CircuitSnapshot]]));
  assert.deepEqual(picked, expected);
}

/** The promises of a breaker store, wherever it keeps its circuits. */
export const breakerStoreContract: readonly ContractCase<BreakerStoreSubject>[] = [
  {
    title: 'knows a circuit nobody wrote about as closed',
    async check({ store }) {
      assert.deepEqual(await store.read(name), freshCircuit);
      assertCircuit((await acquire(store, 'p1')).snapshot, freshCircuit);
      assert.equal((await report(store, 'p1', 0, 'success')).applied, false);
      for await (const listed of store.list()) assert.fail(`lists ${listed}`);
    },
  },
  {
    title: 'opens by a vote of the present generation and counts the time down',
    async check({ store, advance }) {
      const { applied, snapshot } = await trip(store);
      assert.ok(applied && snapshot.epoch > 0 && snapshot.revision > 0);
      assertCircuit(snapshot, { state: 'open', attempt: 1, retryAfterMs: openMs, ageMs: 0 });
      await advance(10_000);
      assertCircuit(await store.read(name), { state: 'open', retryAfterMs: 50_000, ageMs: 10_000 });
      const again = await trip(store, 'b', snapshot.epoch);
      assert.equal(again.applied, false);
      assertCircuit(again.snapshot, { epoch: snapshot.epoch, revision: snapshot.revision, retryAfterMs: 50_000 });
    },
  },
  {
    title: 'ignores a vote of an earlier generation',
    async check({ store }) {
      const first = await store.reset(name);
      const second = await store.reset(name);
      assert.ok(second.epoch > first.epoch && second.revision > first.revision);
      assert.equal((await trip(store, 'a', first.epoch)).applied, false);
      assert.equal((await trip(store, 'a', second.epoch)).applied, true);
    },
  },
  {
    title: 'opens at the quorum, counting each instance once and only fresh votes',
    async check({ store, advance }) {
      assert.equal((await trip(store, 'a', 0, 3)).applied, false);
      assert.equal((await trip(store, 'a', 0, 3)).applied, false);
      assert.equal((await trip(store, 'b', 0, 3)).applied, false);
      await advance(30_000);
      assert.equal((await trip(store, 'c', 0, 3)).applied, false);
      assert.equal((await trip(store, 'd', 0, 3)).applied, false);
      const { applied, snapshot } = await trip(store, 'a', 0, 3);
      assert.ok(applied);
      assertCircuit(snapshot, { state: 'open', attempt: 1 });
    },
  },
  {
    title: 'grants no probe before the time is over, and writes nothing when denying',
    async check({ store, advance }) {
      const { snapshot } = await trip(store);
      await advance(openMs - 1);
      const denied = await acquire(store, 'p1');
      assert.equal(denied.applied, false);
      assertCircuit(denied.snapshot, { state: 'open', revision: snapshot.revision, retryAfterMs: 1 });
      await advance(1);
      const granted = await acquire(store, 'p1');
      assert.ok(granted.applied && granted.snapshot.epoch > snapshot.epoch);
      assertCircuit(granted.snapshot, {
        state: 'half-open',
        probing: 1,
        succeeded: 0,
        retryAfterMs: leaseMs,
        ageMs: 0,
      });
    },
  },
  {
    title: 'grants as many probes as allowed, the same token once',
    async check(subject) {
      const { store } = subject;
      await halfOpen(subject);
      assertCircuit((await acquire(store, 'p1')).snapshot, { probing: 1 });
      assert.equal((await acquire(store, 'p1')).applied, true);
      assert.equal((await acquire(store, 'p2')).applied, true);
      assert.equal((await acquire(store, 'p3')).applied, true);
      const denied = await acquire(store, 'p4');
      assert.equal(denied.applied, false);
      assertCircuit(denied.snapshot, { state: 'half-open', probing: 3 });
      const again = await acquire(store, 'p1');
      assert.equal(again.applied, true);
      assertCircuit(again.snapshot, { probing: 3, revision: denied.snapshot.revision });
    },
  },
  {
    title: 'closes at the second success and forgets the attempts',
    async check(subject) {
      const { store, advance } = subject;
      const epoch = await halfOpen(subject);
      assertCircuit((await report(store, 'p1', epoch, 'success')).snapshot, {
        state: 'half-open',
        succeeded: 1,
        probing: 0,
      });
      assert.equal((await report(store, 'p1', epoch, 'success')).applied, false);
      await acquire(store, 'p2');
      const { applied, snapshot } = await report(store, 'p2', epoch, 'success');
      assert.ok(applied && snapshot.epoch > epoch);
      assertCircuit(snapshot, { state: 'closed', attempt: 0, succeeded: 0, probing: 0, retryAfterMs: 0, ageMs: 0 });
      await advance(2_500);
      assertCircuit(await store.read(name), { ageMs: 2_500 });
    },
  },
  {
    title: 'opens at the first failure, counts the attempts and drops the other probes',
    async check(subject) {
      const { store, advance } = subject;
      const epoch = await halfOpen(subject);
      await acquire(store, 'p2');
      const { snapshot } = await report(store, 'p1', epoch, 'failure');
      assertCircuit(snapshot, { state: 'open', attempt: 2, probing: 0, retryAfterMs: openMs });
      assert.equal((await report(store, 'p2', epoch, 'success')).applied, false);
      await advance(openMs);
      const next = await acquire(store, 'p3');
      assertCircuit(next.snapshot, { state: 'half-open', probing: 1, succeeded: 0 });
      assert.equal((await report(store, 'p2', next.snapshot.epoch, 'success')).applied, false);
      assert.equal((await report(store, 'p3', epoch, 'failure')).applied, false);
    },
  },
  {
    title: 'gives the place of an ignored probe back and counts nothing',
    async check(subject) {
      const { store } = subject;
      const epoch = await halfOpen(subject);
      const { applied, snapshot } = await report(store, 'p1', epoch, 'ignored');
      assert.ok(applied);
      assertCircuit(snapshot, { state: 'half-open', succeeded: 0, probing: 0, retryAfterMs: 0 });
    },
  },
  {
    title: 'counts successes towards the probes of a generation',
    async check(subject) {
      const { store } = subject;
      const epoch = await halfOpen(subject);
      await report(store, 'p1', epoch, 'success');
      assert.equal((await acquire(store, 'p2', 2)).applied, true);
      assert.equal((await acquire(store, 'p3', 2)).applied, false);
    },
  },
  {
    title: 'frees the place of a lost probe when its lease ends, and ignores its late report',
    async check(subject) {
      const { store, advance } = subject;
      const epoch = await halfOpen(subject);
      await advance(4_000);
      assert.equal((await acquire(store, 'p2', 1)).applied, false);
      assertCircuit(await store.read(name), { probing: 1, retryAfterMs: 6_000 });
      await acquire(store, 'later', 2);
      assertCircuit(await store.read(name), { probing: 2, retryAfterMs: 6_000 });
      await report(store, 'later', epoch, 'ignored');
      await advance(5_999);
      assert.equal((await acquire(store, 'p2', 1)).applied, false);
      await advance(1);
      assertCircuit(await store.read(name), { probing: 0, retryAfterMs: 0 });
      assert.equal((await report(store, 'p1', epoch, 'success')).applied, false);
      assert.equal((await acquire(store, 'p2', 1)).applied, true);
    },
  },
  {
    title: "keeps an operator's mode with its reason until reset, as a generation of its own",
    async check({ store, advance }) {
      const { snapshot: opened } = await trip(store);
      const forced = await store.setMode(name, { mode: 'forced-closed', reason: 'false alarm', author: 'kim' });
      assertCircuit(forced, { mode: 'forced-closed', reason: 'false alarm', author: 'kim', state: 'open' });
      assert.ok(forced.epoch > opened.epoch);
      await advance(openMs);
      assert.equal((await acquire(store, 'p1')).applied, false);
      const reset = await store.reset(name);
      assertCircuit(reset, { state: 'closed', mode: 'automatic', reason: undefined, author: undefined, attempt: 0 });
      assertCircuit(reset, { ageMs: undefined });
      await store.setMode(name, { mode: 'forced-open' });
      assertCircuit(await store.read(name), { mode: 'forced-open', reason: undefined, author: undefined });
      assert.equal((await trip(store, 'a', (await store.read(name)).epoch)).applied, false);
    },
  },
  {
    title: 'restores a circuit of which it knows less, and no other',
    async check({ store, advance }) {
      const lost: CircuitSnapshot = {
        ...freshCircuit,
        state: 'open',
        epoch: 7,
        revision: 9,
        attempt: 4,
        retryAfterMs: 5_000,
        ageMs: 1_000,
      };
      assert.equal((await store.restore(name, { ...lost, revision: 0 })).applied, false);
      const { applied, snapshot } = await store.restore(name, lost);
      assert.ok(applied && snapshot.epoch > 7);
      assertCircuit(snapshot, { state: 'open', attempt: 4, retryAfterMs: 5_000, ageMs: 1_000 });
      assert.equal((await store.restore(name, { ...lost, attempt: 9 })).applied, false);
      const better = await store.restore(name, { ...lost, revision: 10, attempt: 5 });
      assert.ok(better.applied && better.snapshot.epoch > snapshot.epoch);
      assertCircuit(better.snapshot, { attempt: 5, revision: 10 });
      await advance(5_000);
      assert.equal((await acquire(store, 'p1')).applied, true);
      await store.restore('other', {
        ...freshCircuit,
        state: 'half-open',
        revision: 1,
        attempt: 2,
        retryAfterMs: 7_000,
        mode: 'disabled',
        reason: 'r',
        author: 'a',
      });
      assertCircuit(await store.read('other'), {
        state: 'open',
        retryAfterMs: 0,
        mode: 'disabled',
        reason: 'r',
        author: 'a',
        ageMs: undefined,
      });
    },
  },
  {
    title: 'tells watchers every change and nobody after they left',
    async check({ store, advance }) {
      const heard: (string | undefined)[] = [];
      let wake: (() => void) | undefined;
      // A name of its own: messages of an earlier test may still be under way.
      const watched = 'watched/by/somebody';
      const unwatch = await store.watch(watched, (snapshot) => {
        heard.push(snapshot && `${snapshot.state} ${snapshot.mode}`);
        wake?.();
      });
      const heardOf = async (count: number): Promise<void> => {
        while (heard.length < count) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      };
      const leave = await store.watch(watched, () => {});
      await leave();
      await store.trip(watched, { instance: 'a', epoch: 0, quorum: 1, voteMs: 1_000, openMs });
      await advance(openMs);
      const granted = await store.acquire(watched, { token: 'p1', leaseMs, maxProbes: 1 });
      const { epoch } = granted.snapshot;
      await store.report(watched, { token: 'p1', epoch, outcome: 'failure', successThreshold: 1, openMs });
      await advance(1);
      await store.acquire(watched, { token: 'p9', leaseMs, maxProbes: 1 });
      await store.setMode(watched, { mode: 'disabled' });
      await heardOf(4);
      await unwatch();
      await store.reset(watched);
      assert.deepEqual(heard, ['open automatic', 'half-open automatic', 'open automatic', 'open disabled']);
    },
  },
  {
    title: 'ends nobody’s watch but its own, though it is ended twice',
    async check({ store }) {
      const watched = 'watched/by/two';
      const unwatch = await store.watch(watched, () => {});
      await unwatch();
      let hear = (): void => {};
      const heard = new Promise<void>((resolve) => {
        hear = resolve;
      });
      const leave = await store.watch(watched, hear);
      await unwatch();
      await store.reset(watched);
      await heard;
      await leave();
    },
  },
  {
    title: 'keeps circuits apart and lists them',
    async check({ store }) {
      await trip(store);
      assertCircuit(await store.read('okx/asia/trade'), { state: 'closed' });
      await store.setMode('okx/asia/trade', { mode: 'disabled' });
      const names: string[] = [];
      for await (const listed of store.list()) names.push(listed);
      assert.deepEqual(names.sort(), ['okx/asia/trade', name]);
    },
  },
  {
    title: 'refuses names that could not be keys',
    async check({ store }) {
      for (const bad of ['', 'a b', 'a{b}', 'a\nb', 'x'.repeat(201), 5 as unknown as string]) {
        await assert.rejects(async () => store.read(bad), {
          code: 'invalid_argument',
          message: /^name is .*1 to 200/s,
        });
      }
    },
  },
];
