import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFleetUnderTest, type FleetUnderTest, type Member } from '../testing/fleet-under-test.js';
import { connectToTrades, upbitTrade, upbitTrades } from '../testing/upbit-trades.js';
import type { UnconfirmedPolicy } from './fleet.js';

const long = process.env.NARU_LONG === '1';
const target = upbitTrades;
const leaseMs = 10_000;
const market = (index: number): string => `KRW-M${index}`;

/** What happens to a fleet, by the place of the member it happens to among those that are there. */
type Step =
  | { readonly kind: 'connect'; readonly member: number; readonly symbols: number }
  | {
      readonly kind: 'disconnect' | 'kill' | 'end' | 'pause' | 'wake' | 'cut' | 'lose' | 'heal';
      readonly member: number;
    }
  | { readonly kind: 'join' }
  | { readonly kind: 'forget' }
  | { readonly kind: 'pass'; readonly ms: number };

const policies = fc.constantFrom<UnconfirmedPolicy[]>('stop', 'stop', 'continue');
const member = fc.nat({ max: 3 });
const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('connect' as const), member, symbols: fc.integer({ min: 1, max: 7 }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('disconnect' as const), member }) },
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(50, 700, 3_000, 9_500, 20_000) }),
    },
    {
      weight: 8,
      arbitrary: fc.record({ kind: fc.constantFrom('kill', 'end', 'pause', 'wake', 'cut', 'lose', 'heal'), member }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('join', 'forget') }) },
  ),
  { minLength: 1, maxLength: 25 },
) as fc.Arbitrary<Step[]>;

/** A fleet with what a broker would do for it: what a member leaves undone is another one's to do. */
class World {
  readonly fleet: FleetUnderTest = createFleetUnderTest();
  readonly members: Member[] = [];
  readonly #paused = new Set<Member>();
  readonly #gone = new Set<Member>();
  readonly #published = new Map<Member, number>();
  #joined = 0;
  #lastToken = 0;
  #forgottenUntil = 0;
  readonly #policy: UnconfirmedPolicy;

  constructor(policy: UnconfirmedPolicy) {
    this.#policy = policy;
  }
  #id = 0;

  async join(): Promise<Member> {
    this.#joined += 1;
    const joined = await this.fleet.join(`m${this.#joined}`, this.#policy);
    this.members.push(joined);
    return joined;
  }

  running(): Member[] {
    return this.members.filter((one) => !this.#gone.has(one) && !this.#paused.has(one));
  }

  async take(step: Step): Promise<void> {
    if (step.kind === 'pass') return await this.pass(step.ms);
    if (step.kind === 'forget') {
      // Until its owner asks to renew it, a lease that Redis forgot is held by that owner and free for others.
      this.#forgottenUntil = this.fleet.clock.monotonic() + leaseMs;
      this.fleet.lose();
      return;
    }
    if (step.kind === 'join') {
      await this.join();
      return;
    }
    const present = this.members.filter((one) => !this.#gone.has(one));
    const one = present[step.member % Math.max(1, present.length)];
    if (!one) return;
    switch (step.kind) {
      case 'connect':
        if (!this.#paused.has(one)) void this.connect(one, step.symbols).catch(() => {});
        break;
      case 'disconnect':
        if (!this.#paused.has(one)) void one.fleet.commands.disconnect(target).catch(() => {});
        break;
      case 'kill':
        this.#gone.add(one);
        await one.kill();
        break;
      case 'end': {
        if (this.#paused.has(one)) break;
        const ended = one.end();
        await this.pass(50);
        await ended;
        this.#gone.add(one);
        break;
      }
      case 'pause':
        this.#paused.add(one);
        one.pause();
        break;
      case 'wake':
        // What its sockets still had comes before any of its timers.
        if (this.#paused.delete(one)) this.#receive(one);
        one.wake();
        break;
      case 'cut':
        one.cutOff(true);
        break;
      case 'lose':
        one.cutOff('answers');
        break;
      case 'heal':
        one.cutOff(false);
        break;
    }
    await this.pass(50);
  }

  connect(one: Member, symbols: number): Promise<unknown> {
    const symbolsWanted = [0, 1, 2].filter((bit) => symbols & (1 << bit)).map(market);
    return one.connect(connectToTrades(symbolsWanted, { correlationId: undefined }));
  }

  /** Lets time pass; every socket that is open receives all the while. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 250) {
      await this.fleet.clock.advance(Math.min(250, left));
      for (const one of this.running()) this.#receive(one);
      this.#check();
    }
  }

  async healAll(): Promise<void> {
    for (const one of this.members) {
      one.cutOff(false);
      if (this.#paused.delete(one)) this.#receive(one);
      one.wake();
    }
    if (this.running().length === 0) await this.join();
    await this.pass(15_000);
  }

  streaming(): Member[] {
    return this.running().filter((one) => one.open().length > 0);
  }

  #receive(one: Member): void {
    for (const socket of one.open()) {
      for (const index of [0, 1, 2]) {
        this.#id += 1;
        socket.handlers.onMessage(upbitTrade(market(index), this.#id));
      }
    }
  }

  /**
   * One stream at most is taken from at any moment, and once a token was published no lower one is; but whoever asked
   * not to lose anything gives that up while Redis is away.
   */
  #check(): void {
    const certain = this.#policy === 'stop' && this.fleet.clock.monotonic() > this.#forgottenUntil;
    if (certain) {
      expect(this.streaming().filter((one) => one.tokenOf(target) !== undefined).length).toBeLessThan(2);
    }
    const highestBefore = this.#lastToken;
    for (const one of this.members) {
      for (const { headers } of one.messages.slice(this.#published.get(one) ?? 0)) {
        const token = Number(headers?.['naru-lease-token']);
        if (certain) expect(token).toBeGreaterThanOrEqual(highestBefore);
        this.#lastToken = Math.max(this.#lastToken, token);
      }
      this.#published.set(one, one.messages.length);
    }
  }
}

test('whatever happens, a stream has one owner at most, and a fleet that is well again does what it is told', async () => {
  await fc.assert(
    fc.asyncProperty(policies, steps, fc.integer({ min: 1, max: 7 }), async (policy, taken, last) => {
      const world = new World(policy);
      await world.join();
      await world.join();
      for (const step of taken) await world.take(step);
      await world.healAll();
      for (const one of world.running()) expect(one.fleet.report().store).toBe('available');
      expect(world.streaming().length).toBeLessThan(2);

      const [asked] = world.running();
      const done = world.connect(asked!, last);
      done.catch(() => {});
      await world.pass(5_000);
      await done;
      const [owner, ...others] = world.streaming();
      expect(others).toEqual([]);
      const symbols = [0, 1, 2].filter((bit) => last & (1 << bit)).map(market);
      expect(owner?.orchestrator.find(target)?.context.symbols).toEqual(symbols);
      expect(await world.fleet.cache().getConnectionSpec(target)).toMatchObject({
        symbols,
        ownerToken: owner?.tokenOf(target),
      });

      const ended = asked!.fleet.commands.disconnect(target);
      await world.pass(1_000);
      expect(await ended).toBe(true);
      await world.pass(30_000);
      expect(world.streaming()).toEqual([]);
      expect(await world.fleet.owners()).toEqual([]);
    }),
    { numRuns: long ? 3_000 : 60 },
  );
});
