import assert from 'node:assert/strict';
import type { KeptUnderTest } from '@naru/test-services';
import fc from 'fast-check';
import type { BreakerStore, ProbeOutcome } from '../stores/breaker-store.js';
import type { CircuitSnapshot, OperatorMode } from '../stores/circuit-snapshot.js';
import { CircuitModel } from './circuit-model.js';

/** A store whose time and data the test holds in its hands. */
export type StoreUnderTest = KeptUnderTest<BreakerStore>;

interface World {
  readonly subject: StoreUnderTest;
  readonly model: CircuitModel;
  /** The epoch of each of the model's generations, as the store told it. */
  readonly epochs: Map<number, number>;
  seen: CircuitSnapshot | undefined;
  wallClockAheadMs: number;
}

const name = 'model';
const leaseMs = 1_000;
const openMs = 3_000;
const voteMs = 2_000;
const maxProbes = 3;
const successThreshold = 2;

type Step = (world: World) => Promise<void>;

/** Compares what the store says with what the model says, and that generations and revisions only grow. */
function compare(world: World, snapshot: CircuitSnapshot): void {
  const { model, subject, epochs, seen } = world;
  const now = subject.now();
  const { state, attempt, succeeded, probing, mode, epoch, revision, retryAfterMs } = snapshot;
  const wait = state === 'open' ? model.until : Math.min(...[...model.leases.values()].filter((end) => end > now));
  assert.deepEqual(
    { state, attempt, succeeded, probing, mode, retryAfterMs },
    {
      state: model.state,
      attempt: model.attempt,
      succeeded: model.succeeded,
      probing: model.probing(now),
      mode: model.mode,
      retryAfterMs: state === 'closed' || wait === Number.POSITIVE_INFINITY ? 0 : Math.max(0, wait - now),
    },
  );
  const known = epochs.get(model.generation);
  if (known === undefined) {
    for (const earlier of epochs.values()) assert.ok(epoch > earlier, `the epoch ${epoch} does not grow`);
    epochs.set(model.generation, epoch);
  } else {
    assert.equal(epoch, known, 'the epoch changes within a generation');
  }
  if (seen) assert.ok(revision >= seen.revision, 'the revision goes back');
  world.seen = snapshot;
}

/** Requests are sent once or twice, as when an answer was lost; the second must change nothing. */
function request(times: number, step: (world: World) => Promise<void>): Step {
  return async (world) => {
    for (let time = 0; time < times; time++) await step(world);
  };
}

/** The epoch that a caller knows: the present one or the one before. */
const epochOf = (world: World, current: boolean): number =>
  world.epochs.get(world.model.generation - (current ? 0 : 1)) ?? -1;

const acquire = (token: number, times: number): Step =>
  request(times, async (world) => {
    const { applied, snapshot } = await world.subject.kept.acquire(name, { token: `p${token}`, leaseMs, maxProbes });
    assert.equal(applied, world.model.acquire(world.subject.now(), `p${token}`, leaseMs, maxProbes));
    compare(world, snapshot);
    assert.ok(snapshot.probing <= maxProbes);
  });

const report =
  (token: number, current: boolean, outcome: ProbeOutcome, times: number): Step =>
  async (world) => {
    // A resent report carries the epoch it was sent with, which may be over by then.
    const { generation } = world.model;
    const epoch = epochOf(world, current);
    for (let time = 0; time < times; time++) {
      const counts = current && world.model.generation === generation;
      const answer = await world.subject.kept.report(name, {
        token: `p${token}`,
        epoch,
        outcome,
        successThreshold,
        openMs,
      });
      const expected = world.model.report(world.subject.now(), `p${token}`, counts, outcome, successThreshold, openMs);
      assert.equal(answer.applied, expected);
      compare(world, answer.snapshot);
    }
  };

const trip =
  (instance: number, current: boolean, quorum: number, times: number): Step =>
  async (world) => {
    const { generation } = world.model;
    const epoch = epochOf(world, current);
    for (let time = 0; time < times; time++) {
      const counts = current && world.model.generation === generation;
      const vote = { instance: `i${instance}`, epoch, quorum, voteMs, openMs };
      const { applied, snapshot } = await world.subject.kept.trip(name, vote);
      assert.equal(applied, world.model.trip(world.subject.now(), vote.instance, counts, quorum, voteMs, openMs));
      compare(world, snapshot);
    }
  };

const setMode =
  (mode: OperatorMode): Step =>
  async (world) => {
    world.model.setMode(mode);
    compare(world, await world.subject.kept.setMode(name, { mode }));
  };

const reset: Step = async (world) => {
  world.model.reset();
  compare(world, await world.subject.kept.reset(name));
};

const advance =
  (ms: number): Step =>
  async (world) => {
    world.subject.advance(ms);
    compare(world, await world.subject.kept.read(name));
  };

const stepWallClock =
  (ms: number): Step =>
  async (world) => {
    world.wallClockAheadMs += ms;
    world.subject.setWallClockAhead(world.wallClockAheadMs);
    compare(world, await world.subject.kept.read(name));
  };

const restart: Step = async (world) => {
  const before = await world.subject.kept.read(name);
  await world.subject.lose();
  // Two remember: one nothing of use, one everything. Whoever comes first, the better memory wins.
  await world.subject.kept.restore(name, { ...before, state: 'closed', revision: Math.max(0, before.revision - 1) });
  const { snapshot } = await world.subject.kept.restore(name, before);
  world.model.loseAndRestore(world.subject.now());
  if (!world.model.written) return;
  // The epochs of before are gone with the data; wall time alone keeps new ones above them.
  world.epochs.clear();
  compare(world, snapshot);
};

const times = fc.constantFrom(1, 1, 1, 2);
const token = fc.integer({ min: 0, max: 5 });
const mostlyCurrent = fc.constantFrom(true, true, true, false);
const modes: OperatorMode[] = ['automatic', 'forced-open', 'forced-closed', 'disabled', 'metrics-only'];

/** Steps as a fleet, its operators and its bad luck would take them. */
export const steps: fc.Arbitrary<{ readonly run: Step; toString(): string }[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: describe('acquire', acquire, token, times) },
    {
      weight: 6,
      arbitrary: describe(
        'report',
        report,
        token,
        mostlyCurrent,
        fc.constantFrom<ProbeOutcome>('success', 'success', 'failure', 'ignored'),
        times,
      ),
    },
    {
      weight: 4,
      arbitrary: describe(
        'trip',
        trip,
        fc.integer({ min: 0, max: 2 }),
        mostlyCurrent,
        fc.integer({ min: 1, max: 2 }),
        times,
      ),
    },
    { weight: 5, arbitrary: describe('advance', advance, fc.constantFrom(1, 500, 999, 1_000, 2_000, 2_999, 3_000)) },
    { weight: 1, arbitrary: describe('setMode', setMode, fc.constantFrom(...modes)) },
    { weight: 1, arbitrary: describe('reset', () => reset) },
    { weight: 1, arbitrary: describe('stepWallClock', stepWallClock, fc.constantFrom(-60_000, -700, 700, 60_000)) },
    { weight: 1, arbitrary: describe('restart', () => restart) },
  ),
  { minLength: 1, maxLength: 40 },
);

/** A step that shows how it was made, so that a counter-example can be read. */
function describe<Arguments extends unknown[]>(
  title: string,
  create: (...all: Arguments) => Step,
  ...arbitraries: { [Key in keyof Arguments]: fc.Arbitrary<Arguments[Key]> }
): fc.Arbitrary<{ readonly run: Step; toString(): string }> {
  return fc
    .tuple(...(arbitraries as fc.Arbitrary<unknown>[]))
    .map((all) => ({ run: create(...(all as Arguments)), toString: () => `${title}(${all.join(', ')})` }));
}

/** Takes the steps one after the other, checking after each. */
export async function takeSteps(subject: StoreUnderTest, taken: readonly { readonly run: Step }[]): Promise<void> {
  const world: World = {
    subject,
    model: new CircuitModel(),
    epochs: new Map([[0, 0]]),
    seen: undefined,
    wallClockAheadMs: 0,
  };
  for (const { run } of taken) await run(world);
}
