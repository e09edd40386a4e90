import assert from 'node:assert/strict';
import { createManualClock, type ManualClock } from '@naru/core/testing';
import fc from 'fast-check';
import { CircuitBreakerError } from '../circuit-breaker-error.js';
import { consecutiveFailures } from '../detectors/consecutive-failures.js';
import { createCircuitBreaker, type SharedCircuitPolicy } from '../policy/shared-circuit-policy.js';
import { UnreliableStore } from '../testing/unreliable-store.js';

const name = 'fleet';
const openMs = 5_000;
const probeLeaseMs = 2_000;
const maxProbes = 3;
const broken = new Error('down');

/** Three processes, one store, and calls that are still under way. */
export class Fleet {
  readonly clock: ManualClock = createManualClock(1_700_000_000_000);
  readonly store: UnreliableStore = new UnreliableStore({ clock: this.clock });
  readonly breakers: SharedCircuitPolicy[] = [];
  readonly #quorum: number;
  readonly #running: { finish: (ok: boolean) => void; done: Promise<void> }[] = [];

  constructor(quorum: number) {
    this.#quorum = quorum;
    for (let at = 0; at < 3; at++) this.breakers.push(this.#create());
  }

  async call(at: number, ok: boolean): Promise<void> {
    await this.#settle(this.breakers[at]!.execute(() => (ok ? Promise.resolve() : Promise.reject(broken))));
  }

  /** A call that ends when `finish` says so. */
  async begin(at: number): Promise<void> {
    if (this.#running.length >= 12) return;
    let finish!: (ok: boolean) => void;
    const ended = new Promise<void>((resolve, reject) => {
      finish = (ok) => (ok ? resolve() : reject(broken));
    });
    ended.catch(() => {});
    this.#running.push({ finish, done: this.#settle(this.breakers[at]!.execute(() => ended)) });
    await this.clock.advance(0);
  }

  async finish(at: number, ok: boolean): Promise<void> {
    const [call] = this.#running.splice(at % Math.max(1, this.#running.length), 1);
    call?.finish(ok);
    await this.clock.advance(0);
  }

  /** The process is killed: what it held is not given back; another one takes its place. */
  async replace(at: number): Promise<void> {
    const { fault } = this.store;
    this.store.fault = 'away';
    await this.breakers[at]!.close();
    this.store.fault = fault;
    this.breakers[at] = this.#create();
  }

  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms);
    const { probing } = await this.store.peek(name);
    assert.ok(probing <= maxProbes, `${probing} probes at once`);
  }

  suffer(fault: UnreliableStore['fault']): void {
    this.store.fault = fault;
  }

  hear(messages: boolean): void {
    this.store.messages = messages;
  }

  /** Whatever happened: once the faults are over, everybody agrees and the circuit closes for those who succeed. */
  async heals(): Promise<void> {
    this.store.fault = 'none';
    this.store.messages = true;
    while (this.#running.length > 0) await this.finish(0, true);
    await this.advance(openMs + probeLeaseMs + 2_000);
    for (const breaker of this.breakers) await breaker.start();
    await this.advance(1_000);
    for (let round = 0; round < 4; round++) {
      for (const at of this.breakers.keys()) await this.call(at, true);
      await this.advance(openMs);
    }
    for (const breaker of this.breakers) assert.deepEqual([breaker.state, breaker.degraded], ['closed', false]);
    await this.#failUntilOpen();
    for (const breaker of this.breakers) await breaker.close();
    assert.equal(this.clock.pending, 0, 'timers are left');
  }

  async #failUntilOpen(): Promise<void> {
    const voters = this.breakers.slice(0, this.#quorum);
    for (const breaker of voters)
      for (let time = 0; time < 3; time++) await this.#settle(breaker.execute(() => Promise.reject(broken)));
    await this.advance(1_000);
    for (const breaker of this.breakers) assert.equal(breaker.state, 'open');
  }

  #create(): SharedCircuitPolicy {
    return createCircuitBreaker({
      name,
      store: this.store,
      clock: this.clock,
      detector: consecutiveFailures({ failures: 3 }),
      openMs,
      probeLeaseMs,
      maxProbes,
      quorum: this.#quorum,
      rampMs: 0,
    });
  }

  async #settle(call: Promise<void>): Promise<void> {
    try {
      await call;
    } catch (error) {
      // Only what the call itself says, or the breaker, may come out; never the store's trouble.
      if (error !== broken && !(error instanceof CircuitBreakerError)) throw error;
    }
  }
}

interface FleetStep {
  readonly run: (fleet: Fleet) => Promise<void>;
  toString(): string;
}

const step = (title: string, run: FleetStep['run']): FleetStep => ({ run, toString: () => title });
const process = fc.integer({ min: 0, max: 2 });

/** Calls, time, and what goes wrong in a fleet. */
export const fleetSteps: fc.Arbitrary<FleetStep[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .tuple(process, fc.boolean())
        .map(([at, ok]) => step(`call ${at} ${ok}`, (fleet) => fleet.call(at, ok))),
    },
    { weight: 4, arbitrary: process.map((at) => step(`begin ${at}`, (fleet) => fleet.begin(at))) },
    {
      weight: 4,
      arbitrary: fc
        .tuple(fc.nat(11), fc.boolean())
        .map(([at, ok]) => step(`finish ${at} ${ok}`, (fleet) => fleet.finish(at, ok))),
    },
    {
      weight: 5,
      arbitrary: fc
        .constantFrom(1, 300, 1_000, 1_800, 5_000)
        .map((ms) => step(`advance ${ms}`, (fleet) => fleet.advance(ms))),
    },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom<UnreliableStore['fault']>('none', 'away', 'mute')
        .map((fault) => step(`fault ${fault}`, async (fleet) => fleet.suffer(fault))),
    },
    {
      weight: 1,
      arbitrary: fc.boolean().map((on) => step(`messages ${on}`, async (fleet) => fleet.hear(on))),
    },
    { weight: 1, arbitrary: fc.constant(step('forget', ({ store }) => store.forget())) },
    { weight: 1, arbitrary: process.map((at) => step(`replace ${at}`, (fleet) => fleet.replace(at))) },
  ),
  { minLength: 1, maxLength: 40 },
);
