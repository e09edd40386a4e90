import { createManualClock, type ManualClock } from '@naru/core/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { consecutiveFailures } from '../detectors/consecutive-failures.js';
import { UnreliableStore } from '../testing/unreliable-store.js';
import type { CircuitBreakerOptions } from './options.js';
import { createCircuitBreaker, type SharedCircuitPolicy } from './shared-circuit-policy.js';

const broken = new Error('the exchange is down');
const fails = (): never => {
  throw broken;
};
const works = (): string => 'ok';
const name = 'upbit/korea/ticker';

let clock: ManualClock;
let store: UnreliableStore;
const breakers: SharedCircuitPolicy[] = [];

beforeEach(() => {
  clock = createManualClock(1_700_000_000_000);
  store = new UnreliableStore({ clock });
});
afterEach(async () => {
  store.fault = 'none';
  for (const breaker of breakers.splice(0)) await breaker.close();
  expect(clock.pending).toBe(0);
});

/** A breaker that has learned the circuit and opens at the second failure in a row. */
async function join(options: Partial<CircuitBreakerOptions> = {}): Promise<SharedCircuitPolicy> {
  const detector = consecutiveFailures({ failures: 2 });
  const breaker = createCircuitBreaker({ name, store, clock, detector, rampMs: 0, random: () => 0.5, ...options });
  breakers.push(breaker);
  await breaker.start();
  return breaker;
}

async function fail(breaker: SharedCircuitPolicy, times = 2): Promise<void> {
  for (let time = 0; time < times; time++) await expect(breaker.execute(fails)).rejects.toBe(broken);
  await clock.advance(0);
}

describe('a fleet', () => {
  test('stops everywhere when one process sees the failures, without asking the store for any call', async () => {
    const [a, b] = [await join(), await join()];
    for (let call = 0; call < 100; call++) await a.execute(works);
    expect(store.requests).toEqual({ watch: 2, read: 2 });
    await fail(a);
    expect([a.state, b.state]).toEqual(['open', 'open']);
    for (let call = 0; call < 100; call++)
      await expect(b.execute(works)).rejects.toMatchObject({ code: 'circuit_open' });
    expect(store.requests).toEqual({ watch: 2, read: 2, trip: 1 });
  });

  test('sends no more probes than allowed, whoever asks', async () => {
    const fleet = [await join(), await join(), await join()];
    await fail(fleet[0]!);
    await clock.advance(60_000);
    let running = 0;
    let release!: () => void;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const probe = async (): Promise<string> => {
      running += 1;
      await gate;
      return 'ok';
    };
    const calls = fleet.flatMap((breaker) =>
      [0, 1, 2, 3].map(() => breaker.execute(probe).catch((error) => error.code)),
    );
    await clock.advance(0);
    expect(running).toBe(3);
    release();
    const results = await Promise.all(calls);
    expect(results.filter((result) => result === 'ok')).toHaveLength(3);
    expect(results.filter((result) => result === 'probes_taken')).toHaveLength(9);
    expect(fleet.map(({ state }) => state)).toEqual(['closed', 'closed', 'closed']);
  });

  test('asks rarely while all probes are taken, and at once when something changes', async () => {
    const [a, b] = [await join({ maxProbes: 1 }), await join({ maxProbes: 1 })];
    await fail(a);
    await clock.advance(60_000);
    expect(await a.isRequestAllowed()).toBe(true);
    for (let call = 0; call < 50; call++) expect(await b.isRequestAllowed()).toBe(false);
    expect(store.requests.acquire).toBe(2);
    await clock.advance(250);
    expect(await b.isRequestAllowed()).toBe(false);
    expect(store.requests.acquire).toBe(3);
    await a.recordFailure();
    expect(b.state).toBe('open');
  });

  test('learns the state before its first call', async () => {
    await fail(await join());
    const late = createCircuitBreaker({ name, store, clock });
    breakers.push(late);
    await expect(late.execute(works)).rejects.toMatchObject({ code: 'circuit_open', retryAfterMs: 60_000 });
  });

  test('a lost message is made good by the poll within a second', async () => {
    const [a, b] = [await join(), await join()];
    store.messages = false;
    await fail(a);
    expect([a.state, b.state]).toEqual(['open', 'closed']);
    await clock.advance(1_000);
    expect(b.state).toBe('open');
  });

  test('reads again at once after a reconnection', async () => {
    const [a, b] = [await join(), await join()];
    store.messages = false;
    await fail(a);
    store.reconnect();
    await clock.advance(0);
    expect(b.state).toBe('open');
  });

  test('is steered by an operator from anywhere', async () => {
    const [a, b] = [await join(), await join()];
    const modes: string[] = [];
    b.onModeChange((circuit) => modes.push(`${circuit.mode} by ${circuit.author}`));
    await a.forceOpen({ author: 'kim', reason: 'drill' });
    await expect(b.execute(works)).rejects.toMatchObject({ code: 'forced_open' });
    await a.forceClose({ author: 'lee' });
    await fail(b, 10);
    await a.setMode({ mode: 'disabled' });
    await fail(b, 10);
    await a.reset();
    expect(await b.execute(works)).toBe('ok');
    expect(modes).toEqual([
      'forced-open by kim',
      'forced-closed by lee',
      'disabled by undefined',
      'automatic by undefined',
    ]);
  });

  test('in metrics-only mode says when it would have opened and lets everything pass', async () => {
    const breaker = await join();
    await breaker.setMode({ mode: 'metrics-only' });
    let would = 0;
    breaker.onWouldBreak(() => {
      would += 1;
    });
    await fail(breaker, 6);
    expect(would).toBe(3);
    expect(await breaker.execute(works)).toBe('ok');
    expect(breaker.state).toBe('closed');
  });
});

describe('probes', () => {
  test('that outlive their lease are aborted, count as failed, and free their place', async () => {
    const [a, b] = [
      await join({ maxProbes: 1, probeLeaseMs: 10_000 }),
      await join({ maxProbes: 1, probeLeaseMs: 10_000 }),
    ];
    await fail(a);
    await clock.advance(60_000);
    const stuck = a.execute(
      ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    const ended = expect(stuck).rejects.toMatchObject({ name: 'TimeoutError' });
    await clock.advance(8_999);
    expect(b.state).toBe('half-open');
    await clock.advance(1);
    await ended;
    expect(b.circuit).toMatchObject({ state: 'open', attempt: 2 });
  });

  test('whose caller gives up count neither way and free their place', async () => {
    const [a, b] = [await join({ maxProbes: 1 }), await join({ maxProbes: 1 })];
    await fail(a);
    await clock.advance(60_000);
    const giveUp = new AbortController();
    const call = a.execute(
      ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      { signal: giveUp.signal },
    );
    await clock.advance(0);
    giveUp.abort(broken);
    await expect(call).rejects.toBe(broken);
    expect(b.circuit).toMatchObject({ state: 'half-open', probing: 0 });
    expect(await b.execute(works)).toBe('ok');
    expect(b.state).toBe('closed');
  });

  test('of a killed process free their place when the lease ends', async () => {
    const [a, b] = [await join({ maxProbes: 1 }), await join({ maxProbes: 1 })];
    await fail(a);
    await clock.advance(60_000);
    await store.acquire(name, { token: 'of somebody who died', leaseMs: 30_000, maxProbes: 1 });
    expect(await b.isRequestAllowed()).toBe(false);
    await clock.advance(30_000);
    expect(await b.isRequestAllowed()).toBe(true);
    await b.recordSuccess();
  });

  test('that were allowed and never recorded free their place when the lease ends', async () => {
    const breaker = await join({ maxProbes: 1 });
    await fail(breaker);
    await clock.advance(60_000);
    expect(await breaker.isRequestAllowed()).toBe(true);
    expect(await breaker.isRequestAllowed()).toBe(false);
    await clock.advance(27_000);
    expect(breaker.circuit).toMatchObject({ state: 'open', attempt: 2 });
    await clock.advance(60_000);
    expect(await breaker.isRequestAllowed()).toBe(true);
    await breaker.recordSuccess();
    expect(breaker.state).toBe('closed');
  });
});

describe('with a quorum of two', () => {
  test('one bad process stops alone and recovers alone', async () => {
    const [bad, good] = [await join({ quorum: 2 }), await join({ quorum: 2 })];
    await fail(bad);
    expect([bad.state, good.state]).toEqual(['open', 'closed']);
    expect(await good.execute(works)).toBe('ok');
    await clock.advance(60_000);
    await bad.execute(works);
    await bad.execute(works);
    expect(bad.state).toBe('closed');
  });

  test('two stop the fleet', async () => {
    const fleet = [await join({ quorum: 2 }), await join({ quorum: 2 }), await join({ quorum: 2 })];
    await fail(fleet[0]!);
    await fail(fleet[1]!);
    expect(fleet.map(({ state }) => state)).toEqual(['open', 'open', 'open']);
    await clock.advance(60_000);
    expect(await fleet[0]!.execute(works)).toBe('ok');
    expect(fleet[2]!.state).toBe('half-open');
  });
});

describe('while the store is away', () => {
  test('goes on with a circuit of its own, says so, and shares what it learned afterwards', async () => {
    const [a, b] = [await join(), await join()];
    const events: string[] = [];
    a.onDegraded(() => events.push('degraded'));
    a.onRecovered(() => events.push('recovered'));
    store.fault = 'away';
    await fail(a);
    expect([a.state, a.degraded, b.state]).toEqual(['open', true, 'closed']);
    await expect(a.execute(works)).rejects.toMatchObject({ code: 'circuit_open' });
    expect(await b.execute(works)).toBe('ok');
    store.fault = 'none';
    await clock.advance(1_000);
    expect([a.state, a.degraded, b.state]).toEqual(['open', false, 'open']);
    expect(events).toEqual(['degraded', 'recovered']);
    expect(b.retryAfterMs).toBeLessThanOrEqual(59_000);
  });

  test('an open circuit stays open, and is probed by each process for itself', async () => {
    const [a, b] = [await join(), await join()];
    await fail(a);
    store.fault = 'away';
    await clock.advance(30_000);
    expect([a.degraded, b.degraded]).toEqual([true, true]);
    await expect(b.execute(works)).rejects.toMatchObject({ code: 'circuit_open', retryAfterMs: 30_000 });
    await clock.advance(30_000);
    await b.execute(works);
    await b.execute(works);
    expect([a.state, b.state]).toEqual(['open', 'closed']);
  });

  test('starts all the same', async () => {
    store.fault = 'away';
    const breaker = await join();
    expect(breaker.degraded).toBe(true);
    expect(await breaker.execute(works)).toBe('ok');
    await fail(breaker);
    expect(breaker.state).toBe('open');
    store.fault = 'none';
    await clock.advance(1_000);
    expect(breaker.degraded).toBe(false);
    expect((await store.read(name)).state).toBe('open');
  });

  test('refuses every call when told to', async () => {
    const breaker = await join({ whenStoreIsAway: 'reject' });
    store.fault = 'away';
    await clock.advance(1_000);
    await expect(breaker.execute(works)).rejects.toMatchObject({ code: 'store_unavailable', retryAfterMs: 1_000 });
    store.fault = 'none';
    await clock.advance(1_000);
    expect(await breaker.execute(works)).toBe('ok');
  });

  test('tells an operator that nothing was stored', async () => {
    const breaker = await join();
    store.fault = 'away';
    await expect(breaker.forceOpen()).rejects.toMatchObject({ code: 'store_unavailable', retryable: true });
    expect(await breaker.execute(works)).toBe('ok');
  });

  test('a lost answer to a vote opens the circuit once', async () => {
    const [a, b] = [await join(), await join()];
    store.fault = 'mute';
    await fail(a);
    store.fault = 'none';
    await clock.advance(1_000);
    expect([a.circuit.attempt, b.circuit.attempt]).toEqual([1, 1]);
    expect([a.state, b.state]).toEqual(['open', 'open']);
  });

  test('a lost answer to the wish for a probe costs a lease, not the circuit', async () => {
    const breaker = await join({ maxProbes: 1, probeLeaseMs: 5_000 });
    await fail(breaker);
    await clock.advance(60_000);
    store.fault = 'mute';
    // Now alone, it may probe for itself.
    expect(await breaker.execute(works)).toBe('ok');
    store.fault = 'none';
    await clock.advance(6_000);
    expect(await breaker.execute(works)).toBe('ok');
    expect(breaker.state).toBe('closed');
    expect((await store.read(name)).state).toBe('closed');
  });
});

describe('when the store lost its data', () => {
  test('an open circuit is put back', async () => {
    const [a, b] = [await join(), await join()];
    await fail(a);
    await store.forget();
    await clock.advance(1_000);
    expect(await store.read(name)).toMatchObject({ state: 'open', attempt: 1 });
    expect([a.state, b.state]).toEqual(['open', 'open']);
    expect(a.retryAfterMs).toBe(59_000);
  });

  test("an operator's decision is put back", async () => {
    const breaker = await join();
    await breaker.forceOpen({ reason: 'drill', author: 'kim' });
    await store.forget();
    await clock.advance(1_000);
    expect(await store.read(name)).toMatchObject({ mode: 'forced-open', reason: 'drill', author: 'kim' });
  });

  test('a closed circuit begins afresh and opens as ever', async () => {
    const [a, b] = [await join(), await join()];
    await a.reset();
    await store.forget();
    await clock.advance(1_000);
    await fail(a);
    expect([a.state, b.state]).toEqual(['open', 'open']);
  });
});

describe('after closing', () => {
  test('lets calls back in along a line that is the same for everybody', async () => {
    const fleet = [await join({ rampMs: 10_000 }), await join({ rampMs: 10_000 })];
    await fail(fleet[0]!);
    await clock.advance(60_000);
    await fleet[0]!.execute(works);
    await fleet[0]!.execute(works);
    const admitted = async (breaker: SharedCircuitPolicy): Promise<number> => {
      let count = 0;
      for (let call = 0; call < 100; call++) if (await breaker.isRequestAllowed()) count += 1;
      return count;
    };
    expect(await Promise.all(fleet.map(admitted))).toEqual([1, 1]);
    await clock.advance(2_500);
    expect(await Promise.all(fleet.map(admitted))).toEqual([25, 25]);
    await expect(fleet[0]!.execute(works)).rejects.toMatchObject({ code: 'ramping', retryAfterMs: 7_500 });
    await clock.advance(5_000);
    expect(await Promise.all(fleet.map(admitted))).toEqual([75, 75]);
    await clock.advance(2_500);
    expect(await Promise.all(fleet.map(admitted))).toEqual([100, 100]);
  });
});

describe('the log', () => {
  test('tells changes, and when the store goes and comes back', async () => {
    const lines: unknown[][] = [];
    const log = (...all: unknown[]): void => void lines.push(all);
    const breaker = await join({ logger: { debug: log, info: log, warn: log, error: log } });
    store.fault = 'away';
    await clock.advance(1_000);
    store.fault = 'none';
    await clock.advance(1_000);
    await fail(breaker);
    expect(lines).toEqual([
      ['circuit store is away, going on alone', { circuit: name, error: new Error('the store is away') }],
      ['circuit store is back', { circuit: name }],
      ['circuit changed', { circuit: name, from: 'closed', to: 'open' }],
    ]);
  });
});

describe('a breaker that is refused', () => {
  test('opens with the votes of a quorum only, and does not pretend before', async () => {
    const [first, second] = [await join({ quorum: 2 }), await join({ quorum: 2 })];
    await fail(first);
    expect((await store.peek(name)).state).toBe('closed');
    expect(first.circuit).toMatchObject({ state: 'open', attempt: 1 });
    // What the fleet agrees on counts more than what one process thinks.
    await second.forceClose();
    expect(await first.execute(works)).toBe('ok');
    await second.reset();
    await expect(first.execute(works)).rejects.toMatchObject({ code: 'circuit_open' });
    await clock.advance(60_000);
    await first.execute(works);
    expect(first.state).toBe('half-open');
    await first.execute(works);
    expect(first.state).toBe('closed');
    await fail(first);
    expect(first.circuit).toMatchObject({ state: 'open', attempt: 1 });
  });

  test('stays with the fleet when an operator holds the circuit while it votes', async () => {
    const breaker = await join();
    store.messages = false;
    await store.setMode(name, { mode: 'forced-closed' });
    await fail(breaker);
    expect(breaker.mode).toBe('forced-closed');
    expect(await breaker.execute(works)).toBe('ok');
  });

  test('calls do not pass and nothing of its own is opened when it was told to refuse alone', async () => {
    const breaker = await join({ whenStoreIsAway: 'reject' });
    store.fault = 'away';
    await fail(breaker);
    await expect(breaker.execute(works)).rejects.toMatchObject({ code: 'store_unavailable' });
    store.fault = 'none';
    await clock.advance(1_000);
    expect((await store.peek(name)).state).toBe('closed');
    expect([breaker.state, await breaker.execute(works)]).toEqual(['closed', 'ok']);
  });
});

describe('while the store is away', () => {
  test('says so once, however often it fails', async () => {
    const breaker = await join();
    const degraded: unknown[] = [];
    breaker.onDegraded((error) => degraded.push(error));
    store.fault = 'away';
    await clock.advance(5_000);
    await fail(breaker);
    expect(degraded).toEqual([new Error('the store is away')]);
  });

  test('an own circuit that closed again is forgotten, and the shared one counts', async () => {
    const [a, b] = [await join(), await join()];
    store.fault = 'away';
    await fail(a);
    await clock.advance(60_000);
    await a.execute(works);
    await a.execute(works);
    expect(a.state).toBe('closed');
    store.fault = 'none';
    await clock.advance(1_000);
    expect([a.degraded, (await store.peek(name)).state]).toEqual([false, 'closed']);
    store.fault = 'away';
    await fail(a);
    // Nothing is left of the first time: this is its first attempt.
    expect(a.circuit).toMatchObject({ state: 'open', attempt: 1 });
    expect(b.state).toBe('closed');
  });

  test('what an operator decided meanwhile counts more than what was seen alone', async () => {
    const [a] = [await join(), await join()];
    store.fault = 'away';
    await fail(a);
    store.fault = 'none';
    await store.setMode(name, { mode: 'forced-closed', author: 'kim' });
    await clock.advance(1_000);
    expect(await a.execute(works)).toBe('ok');
    expect(await store.peek(name)).toMatchObject({ state: 'closed', mode: 'forced-closed' });
  });

  test('shares the time that is left of its own open circuit', async () => {
    const [a, b] = [await join({ openMs: 10_000 }), await join()];
    store.fault = 'away';
    await fail(a);
    await clock.advance(4_500);
    store.fault = 'none';
    await clock.advance(500);
    expect((await store.peek(name)).retryAfterMs).toBe(5_000);
    expect(b.state).toBe('open');
  });
});

describe('watching', () => {
  test('ends with the breaker, and asks nothing afterwards', async () => {
    const breaker = await join();
    await breaker.close();
    const { requests } = store;
    const before = { ...requests };
    store.reconnect();
    await clock.advance(10_000);
    expect(requests).toEqual(before);
  });

  test('is taken up by the poll when it failed at the start', async () => {
    store.fault = 'away';
    const [a, b] = [await join(), await join()];
    store.fault = 'none';
    await clock.advance(1_000);
    expect(store.requests.watch).toBe(2);
    await fail(a);
    expect(b.state).toBe('open');
    store.messages = false;
    await store.reset(name);
    store.reconnect();
    await clock.advance(0);
    expect(b.state).toBe('closed');
  });

  test('is not begun by a breaker that was closed before it started', async () => {
    const breaker = createCircuitBreaker({ name, store, clock });
    await breaker.close();
    await expect(breaker.start()).rejects.toMatchObject({ code: 'breaker_closed' });
    expect(store.requests).toEqual({});
  });

  test('ends also when the breaker is closed while it starts', async () => {
    const breaker = createCircuitBreaker({ name, store, clock });
    const starting = breaker.start();
    await breaker.close();
    await starting;
    expect(clock.pending).toBe(0);
  });
});
