import { createManualClock, type ManualClock } from '@naru/core/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import type { BreakerStore, StoreAnswer } from '../stores/breaker-store.js';
import { type CircuitSnapshot, freshCircuit } from '../stores/circuit-snapshot.js';
import { UnreliableStore } from '../testing/unreliable-store.js';
import { CircuitGate } from './circuit-gate.js';

const name = 'x';
const vote = { instance: 'a', epoch: 0, quorum: 1, voteMs: 1_000, openMs: 60_000 };

let clock: ManualClock;
let store: UnreliableStore;
let changes: number;
beforeEach(() => {
  clock = createManualClock(1_700_000_000_000);
  store = new UnreliableStore({ clock });
  changes = 0;
});

const watch = (other: BreakerStore = store): CircuitGate =>
  new CircuitGate(other, name, clock, () => {
    changes += 1;
  });
const at = (parts: Partial<CircuitSnapshot>): CircuitSnapshot => ({ ...freshCircuit, ...parts });

describe('what is known', () => {
  test('ages with the local clock', async () => {
    const gate = watch();
    gate.adopt(at({ state: 'open', revision: 1, retryAfterMs: 1_000, ageMs: 10 }));
    await clock.advance(400.5);
    expect([gate.retryAfterMs, gate.ageMs]).toEqual([599.5, 410.5]);
    expect(gate.describe()).toMatchObject({ state: 'open', retryAfterMs: 600, ageMs: 410 });
    await clock.advance(1_000);
    expect(gate.retryAfterMs).toBe(0);
  });

  test('has no age before anything changed', async () => {
    const gate = watch();
    await clock.advance(5);
    expect(gate.ageMs).toBeUndefined();
    expect(gate.describe()).toEqual(freshCircuit);
  });

  test('is not replaced by a message that is older, or that came twice', () => {
    const gate = watch();
    const newest = at({ revision: 5, epoch: 5 });
    gate.hear(newest);
    gate.hear(at({ revision: 5, epoch: 6 }));
    gate.hear(at({ revision: 4, epoch: 4 }));
    expect([gate.snapshot, gate.epoch, changes]).toEqual([newest, 5, 1]);
    gate.hear(at({ revision: 6, epoch: 6 }));
    expect([gate.epoch, changes]).toEqual([6, 2]);
  });

  test('can be presumed open until the store has answered', async () => {
    const gate = watch();
    gate.adopt(at({ revision: 3, epoch: 7, attempt: 2 }));
    gate.presumeOpen(60_000);
    expect(gate.snapshot).toEqual(
      at({ state: 'open', revision: 3, epoch: 7, attempt: 3, retryAfterMs: 60_000, ageMs: 0 }),
    );
  });
});

describe('an answer to a vote', () => {
  const answering = (snapshot: CircuitSnapshot): BreakerStore =>
    Object.assign(new UnreliableStore({ clock }), {
      trip: async (): Promise<StoreAnswer> => ({ applied: false, snapshot }),
    });

  test('ends the presumption, also with the revision that was known', async () => {
    const gate = watch(answering(at({ revision: 3 })));
    gate.adopt(at({ revision: 3 }));
    gate.presumeOpen(60_000);
    await gate.trip(vote);
    expect(gate.snapshot.state).toBe('closed');
  });

  test('does not undo what was heard meanwhile', async () => {
    const gate = watch(answering(at({ revision: 3 })));
    gate.adopt(at({ revision: 4, state: 'half-open' }));
    await gate.trip(vote);
    expect(gate.snapshot.state).toBe('half-open');
  });
});

describe('reading again', () => {
  /** A store that lost its data answers with a lower revision. */
  async function lost(known: Partial<CircuitSnapshot>, passMs = 0): Promise<CircuitSnapshot> {
    const gate = watch();
    gate.adopt(at({ revision: 9, epoch: 9, ageMs: 0, ...known }));
    await clock.advance(passMs);
    await gate.refresh();
    return await store.peek(name);
  }

  test('puts back an open circuit that the store lost, with the time that is left', async () => {
    expect(await lost({ state: 'open', attempt: 2, retryAfterMs: 1_000 }, 400)).toMatchObject({
      state: 'open',
      attempt: 2,
      retryAfterMs: 600,
    });
  });

  test("puts back an operator's decision", async () => {
    expect(await lost({ mode: 'forced-closed', author: 'kim' })).toMatchObject({
      mode: 'forced-closed',
      author: 'kim',
    });
  });

  test.each([
    ['an open circuit whose time is over', { state: 'open', retryAfterMs: 400 }, 400],
    ['a closed one', { state: 'closed' }, 0],
    ['a half-open one, whose probes are lost too', { state: 'half-open', retryAfterMs: 1_000 }, 0],
  ] as const)('does not put back %s', async (_what, known, passMs) => {
    expect(await lost(known, passMs)).toEqual(freshCircuit);
    expect(store.requests).toEqual({ read: 1 });
  });

  test('puts nothing back when the store has what is known', async () => {
    const gate = watch();
    await gate.trip(vote);
    await gate.refresh();
    expect(store.requests).toEqual({ trip: 1, read: 1 });
  });

  test('takes a lower revision, unless something was heard while it was read', async () => {
    let answer!: (snapshot: CircuitSnapshot) => void;
    const slow = Object.assign(new UnreliableStore({ clock }), {
      read: () =>
        new Promise<CircuitSnapshot>((resolve) => {
          answer = resolve;
        }),
    });
    const gate = watch(slow);
    gate.adopt(at({ revision: 9, epoch: 9 }));
    const alone = gate.refresh();
    answer(at({ revision: 1, epoch: 1 }));
    await alone;
    expect(gate.epoch).toBe(1);

    const overtaken = gate.refresh();
    gate.hear(at({ revision: 3, epoch: 3 }));
    answer(at({ revision: 2, epoch: 2 }));
    await overtaken;
    expect(gate.epoch).toBe(3);
    const overtaking = gate.refresh();
    gate.hear(at({ revision: 4, epoch: 4 }));
    answer(at({ revision: 5, epoch: 5 }));
    await overtaking;
    expect(gate.epoch).toBe(5);
  });
});
