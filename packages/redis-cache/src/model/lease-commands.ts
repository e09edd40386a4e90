import assert from 'node:assert/strict';
import type { KeptUnderTest } from '@naru/test-services';
import fc from 'fast-check';
import type { LeaseStore } from '../leases/lease-store.js';

/** A lease store whose time the test holds in its hands. */
export type LeasesUnderTest = KeptUnderTest<LeaseStore>;

interface Held {
  owner: string;
  token: number;
  until: number;
}

interface World {
  readonly subject: LeasesUnderTest;
  /** The reference: who holds what until when. */
  readonly held: Map<string, Held>;
  /** Every token ever given for a scope, latest last. */
  readonly tokens: Map<string, number[]>;
}

type Step = (world: World) => Promise<void>;

const ttlMs = 1_000;
const scopeOf = (exchange: string) => ({ exchange, region: 'r', request_type: 't' });

function grant({ tokens, held, subject }: World, exchange: string, owner: string, token: number): void {
  const given = tokens.get(exchange) ?? [];
  assert.ok(token > (given.at(-1) ?? 0), `the token ${token} of ${exchange} does not grow`);
  tokens.set(exchange, [...given, token]);
  held.set(exchange, { owner, token, until: subject.now() + ttlMs });
}

/** Sent `times`, as when answers are lost: whoever asks again gets what they have. */
const acquire =
  (exchange: string, owner: string, times: number): Step =>
  async (world) => {
    const { subject, held } = world;
    for (let time = 0; time < times; time++) {
      const answer = await subject.kept.acquire(scopeOf(exchange), owner, ttlMs);
      const holder = held.get(exchange);
      if (!holder || holder.until <= subject.now()) {
        assert.ok(answer.acquired);
        grant(world, exchange, owner, answer.token);
      } else if (holder.owner === owner) {
        holder.until = Math.max(holder.until, subject.now() + ttlMs);
        assert.deepEqual(answer, { acquired: true, token: holder.token, expiresInMs: holder.until - subject.now() });
      } else {
        const { owner: other, token, until } = holder;
        assert.deepEqual(answer, { acquired: false, owner: other, token, expiresInMs: until - subject.now() });
      }
    }
  };

/** The latest token of a scope, or an older one, as a paused owner would use it. */
const pick = ({ tokens }: World, exchange: string, age: number): number => tokens.get(exchange)?.at(-1 - age) ?? 1;

const holds = ({ held, subject }: World, exchange: string, token: number): boolean => {
  const holder = held.get(exchange);
  return holder !== undefined && holder.token === token && holder.until > subject.now();
};

const renew =
  (exchange: string, age: number): Step =>
  async (world) => {
    const token = pick(world, exchange, age);
    const expected = holds(world, exchange, token);
    assert.equal(await world.subject.kept.renew(scopeOf(exchange), token, ttlMs), expected);
    if (expected) world.held.get(exchange)!.until = world.subject.now() + ttlMs;
  };

const release =
  (exchange: string, age: number, times: number): Step =>
  async (world) => {
    for (let time = 0; time < times; time++) {
      const token = pick(world, exchange, age);
      const expected = holds(world, exchange, token);
      assert.equal(await world.subject.kept.release(scopeOf(exchange), token), expected);
      if (expected) world.held.delete(exchange);
    }
  };

const handOver =
  (exchange: string, age: number): Step =>
  async (world) => {
    const token = pick(world, exchange, age);
    const expected = holds(world, exchange, token);
    assert.equal(await world.subject.kept.handOver(scopeOf(exchange), token), expected);
    if (expected) world.held.get(exchange)!.until = world.subject.now();
  };

const takeOver =
  (owner: string, limit: number): Step =>
  async (world) => {
    const { subject, held } = world;
    const now = subject.now();
    const expired = [...held]
      .filter(([, { until }]) => until <= now)
      .sort(([a, x], [b, y]) => x.until - y.until || (a < b ? -1 : 1));
    const taken = await subject.kept.takeOver(owner, ttlMs, limit);
    assert.deepEqual(
      taken.map(({ scope }) => scope.exchange),
      expired.slice(0, limit).map(([exchange]) => exchange),
    );
    for (const { scope, token } of taken) grant(world, scope.exchange, owner, token);
  };

const advance =
  (ms: number): Step =>
  async ({ subject }) =>
    subject.advance(ms);

const setWallClock =
  (ms: number): Step =>
  async ({ subject }) =>
    subject.setWallClockAhead(ms);

const restart: Step = async ({ subject, held, tokens }) => {
  // Nothing tells the new store which tokens it gave, but its clock; so it must have moved on, as clocks do.
  subject.advance(120_001);
  await subject.lose();
  held.clear();
  for (const given of tokens.values()) given.splice(0, given.length - 1);
};

async function compare({ subject, held }: World): Promise<void> {
  const now = subject.now();
  const expected = [...held]
    .sort(([a, x], [b, y]) => x.until - y.until || (a < b ? -1 : 1))
    .map(([exchange, { owner, token, until }]) => ({
      scope: scopeOf(exchange),
      owner,
      token,
      expiresInMs: Math.max(0, until - now),
    }));
  assert.deepEqual(await subject.kept.list(), expected);
  assert.deepEqual(
    await subject.kept.listExpired(100),
    expected.filter(({ expiresInMs }) => expiresInMs === 0),
  );
}

interface NamedStep {
  readonly run: Step;
  toString(): string;
}

function named<Arguments extends unknown[]>(
  title: string,
  create: (...all: Arguments) => Step,
  ...arbitraries: { [Key in keyof Arguments]: fc.Arbitrary<Arguments[Key]> }
): fc.Arbitrary<NamedStep> {
  return fc
    .tuple(...(arbitraries as fc.Arbitrary<unknown>[]))
    .map((all) => ({ run: create(...(all as Arguments)), toString: () => `${title}(${all.join(', ')})` }));
}

const exchange = fc.constantFrom('upbit', 'okx');
const owner = fc.constantFrom('a', 'b', 'c');
const age = fc.constantFrom(0, 0, 0, 1);

/** What replicas do with their leases, in any order. */
export const leaseSteps: fc.Arbitrary<NamedStep[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: named('acquire', acquire, exchange, owner, fc.constantFrom(1, 1, 2)) },
    { weight: 4, arbitrary: named('renew', renew, exchange, age) },
    { weight: 3, arbitrary: named('release', release, exchange, age, fc.constantFrom(1, 1, 2)) },
    { weight: 2, arbitrary: named('handOver', handOver, exchange, age) },
    { weight: 2, arbitrary: named('takeOver', takeOver, owner, fc.integer({ min: 1, max: 2 })) },
    { weight: 5, arbitrary: named('advance', advance, fc.constantFrom(0, 1, 400, 999, 1_000)) },
    { weight: 1, arbitrary: named('setWallClock', setWallClock, fc.constantFrom(-60_000, -1_000, 1_000, 60_000)) },
    { weight: 1, arbitrary: named('restart', () => restart) },
  ),
  { minLength: 1, maxLength: 40 },
);

export async function takeSteps(subject: LeasesUnderTest, taken: readonly NamedStep[]): Promise<void> {
  const world: World = { subject, held: new Map(), tokens: new Map() };
  for (const { run } of taken) {
    await run(world);
    await compare(world);
  }
}
