import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SharedCircuitPolicy } from '../shared-circuit-policy.js';
import { broken, name, TestFleet, works } from './test-fleet.js';

const fleet = new TestFleet();
beforeEach(() => fleet.begin());
afterEach(() => fleet.end());

describe('a fleet', () => {
  test('stops everywhere when one process sees the failures, without asking the store for any call', async () => {
    const [a, b] = [await fleet.join(), await fleet.join()];
    for (let call = 0; call < 100; call++) await a.execute(works);
    expect(fleet.store.requests).toEqual({ watch: 2, read: 2 });
    await fleet.fail(a);
    expect([a.state, b.state]).toEqual(['open', 'open']);
    for (let call = 0; call < 100; call++)
      await expect(b.execute(works)).rejects.toMatchObject({ code: 'circuit_open' });
    expect(fleet.store.requests).toEqual({ watch: 2, read: 2, trip: 1 });
  });

  test('sends no more probes than allowed, whoever asks', async () => {
    const breakers = [await fleet.join(), await fleet.join(), await fleet.join()];
    await fleet.fail(breakers[0]!);
    await fleet.clock.advance(60_000);
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
    const calls = breakers.flatMap((breaker) =>
      [0, 1, 2, 3].map(() => breaker.execute(probe).catch((error) => error.code)),
    );
    await fleet.clock.advance(0);
    expect(running).toBe(3);
    release();
    const results = await Promise.all(calls);
    expect(results.filter((result) => result === 'ok')).toHaveLength(3);
    expect(results.filter((result) => result === 'probes_taken')).toHaveLength(9);
    expect(breakers.map(({ state }) => state)).toEqual(['closed', 'closed', 'closed']);
  });

  test('asks rarely while all probes are taken, and at once when something changes', async () => {
    const [a, b] = [await fleet.join({ maxProbes: 1 }), await fleet.join({ maxProbes: 1 })];
    await fleet.fail(a);
    await fleet.clock.advance(60_000);
    expect(await a.isRequestAllowed()).toBe(true);
    for (let call = 0; call < 50; call++) expect(await b.isRequestAllowed()).toBe(false);
    expect(fleet.store.requests.acquire).toBe(2);
    await fleet.clock.advance(250);
    expect(await b.isRequestAllowed()).toBe(false);
    expect(fleet.store.requests.acquire).toBe(3);
    await a.recordFailure();
    expect(b.state).toBe('open');
  });

  test('begins a call at once while the circuit is closed and no ramp is under way', async () => {
    const breaker = await fleet.join({ rampMs: 10_000 });
    const begun: string[] = [];
    const call = (what: string): Promise<unknown> => breaker.execute(() => void begun.push(what));
    const first = call('from the start');
    expect(begun).toEqual(['from the start']);
    await first;
    await fleet.fail(breaker);
    await fleet.clock.advance(60_000);
    for (let probe = 0; probe < 2; probe++) await call('a probe');
    await fleet.clock.advance(10_000);
    // The first one notices that the ramp is over.
    await call('after the ramp');
    const last = call('later');
    expect(begun.at(-1)).toBe('later');
    await last;
  });

  test('learns the state before its first call', async () => {
    await fleet.fail(await fleet.join());
    const late = fleet.create();
    await expect(late.execute(works)).rejects.toMatchObject({ code: 'circuit_open', retryAfterMs: 60_000 });
  });

  test('a lost message is made good by the poll within a second', async () => {
    const [a, b] = [await fleet.join(), await fleet.join()];
    fleet.store.messages = false;
    await fleet.fail(a);
    expect([a.state, b.state]).toEqual(['open', 'closed']);
    await fleet.clock.advance(1_000);
    expect(b.state).toBe('open');
  });

  test('reads again at once after a reconnection', async () => {
    const [a, b] = [await fleet.join(), await fleet.join()];
    fleet.store.messages = false;
    await fleet.fail(a);
    fleet.store.reconnect();
    await fleet.clock.advance(0);
    expect(b.state).toBe('open');
  });

  test('is steered by an operator from anywhere', async () => {
    const [a, b] = [await fleet.join(), await fleet.join()];
    const modes: string[] = [];
    b.onModeChange((circuit) => modes.push(`${circuit.mode} by ${circuit.author}`));
    await a.forceOpen({ author: 'kim', reason: 'drill' });
    await expect(b.execute(works)).rejects.toMatchObject({ code: 'forced_open' });
    await a.forceClose({ author: 'lee' });
    await fleet.fail(b, 10);
    await a.setMode({ mode: 'disabled' });
    await fleet.fail(b, 10);
    await a.reset();
    expect(await b.execute(works)).toBe('ok');
    expect(modes).toEqual([
      'forced-open by kim',
      'forced-closed by lee',
      'disabled by undefined',
      'automatic by undefined',
    ]);
  });

  test.each(['forced-closed', 'disabled'] as const)(
    'votes for nothing that is recorded while it is %s',
    async (mode) => {
      const breaker = await fleet.join();
      await breaker.setMode({ mode });
      const told: unknown[] = [];
      breaker.onFailure(({ reason }) => told.push(reason));
      for (let time = 0; time < 3; time++) await breaker.recordFailure(broken);
      expect(told).toEqual(Array(3).fill({ error: broken }));
      expect([breaker.state, fleet.store.requests.trip]).toEqual(['closed', undefined]);
    },
  );

  test('in metrics-only mode says when it would have opened and lets everything pass', async () => {
    const breaker = await fleet.join();
    await breaker.setMode({ mode: 'metrics-only' });
    let would = 0;
    breaker.onWouldBreak(() => {
      would += 1;
    });
    await fleet.fail(breaker, 6);
    expect(would).toBe(3);
    expect(await breaker.execute(works)).toBe('ok');
    expect(breaker.state).toBe('closed');
  });

  test('stays with the fleet when an operator holds the circuit while it votes', async () => {
    const breaker = await fleet.join();
    fleet.store.messages = false;
    await fleet.store.setMode(name, { mode: 'forced-closed' });
    await fleet.fail(breaker);
    expect(breaker.mode).toBe('forced-closed');
    expect(await breaker.execute(works)).toBe('ok');
    fleet.store.messages = true;
    await fleet.store.reset(name);
    expect(await breaker.execute(works)).toBe('ok');
  });

  test('stays with the fleet when somebody else was quicker to open the circuit', async () => {
    const [a, b] = [await fleet.join(), await fleet.join()];
    fleet.store.messages = false;
    await fleet.fail(a);
    await fleet.fail(b);
    expect(b.circuit).toMatchObject({ state: 'open', attempt: 1 });
    fleet.store.messages = true;
    await fleet.store.reset(name);
    expect(b.state).toBe('closed');
  });
});

describe('after closing', () => {
  test('lets calls back in along a line that is the same for everybody', async () => {
    const breakers = [await fleet.join({ rampMs: 10_000 }), await fleet.join({ rampMs: 10_000 })];
    await fleet.fail(breakers[0]!);
    await fleet.clock.advance(60_000);
    await breakers[0]!.execute(works);
    await breakers[0]!.execute(works);
    const admitted = async (breaker: SharedCircuitPolicy): Promise<number> => {
      let count = 0;
      for (let call = 0; call < 100; call++) if (await breaker.isRequestAllowed()) count += 1;
      return count;
    };
    expect(await Promise.all(breakers.map(admitted))).toEqual([1, 1]);
    await fleet.clock.advance(2_500);
    expect(await Promise.all(breakers.map(admitted))).toEqual([25, 25]);
    await expect(breakers[0]!.execute(works)).rejects.toMatchObject({ code: 'ramping', retryAfterMs: 7_500 });
    await fleet.clock.advance(5_000);
    expect(await Promise.all(breakers.map(admitted))).toEqual([75, 75]);
    await fleet.clock.advance(2_500);
    expect(await Promise.all(breakers.map(admitted))).toEqual([100, 100]);
  });

  test('the ramp begins anew each time', async () => {
    const [slow, quick] = [await fleet.join({ rampMs: 10_000 }), await fleet.join()];
    for (let time = 0; time < 2; time++) {
      await fleet.fail(quick);
      await fleet.clock.advance(60_000);
      for (let probe = 0; probe < 2; probe++) await quick.execute(works);
      expect(await slow.execute(works)).toBe('ok');
      await expect(slow.execute(works)).rejects.toMatchObject({ code: 'ramping' });
    }
  });
});

describe('the log', () => {
  test('tells changes, and when the store goes and comes back', async () => {
    const lines: unknown[][] = [];
    const log = (...all: unknown[]): void => void lines.push(all);
    const breaker = await fleet.join({ logger: { debug: log, info: log, warn: log, error: log } });
    fleet.store.fault = 'away';
    await fleet.clock.advance(1_000);
    fleet.store.fault = 'none';
    await fleet.clock.advance(1_000);
    await fleet.fail(breaker);
    expect(lines).toEqual([
      ['circuit store is away, going on alone', { circuit: name, error: new Error('the store is away') }],
      ['circuit store is back', { circuit: name }],
      ['circuit changed', { circuit: name, from: 'closed', to: 'open' }],
    ]);
  });
});
