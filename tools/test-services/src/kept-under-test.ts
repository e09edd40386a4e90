const begin = 1_700_000_000_000;

/** Time that stands still until a test moves it, with a wall clock that can be set; a `Clock` of `@naru/core`. */
export interface SteppedClock {
  now(): number;
  monotonic(): number;
  schedule(): () => void;
}

/** Something that keeps data over time, whose time and data a model-based test holds in its hands. */
export interface KeptUnderTest<Kept> {
  readonly kept: Kept;
  /** The time that its deadlines follow, ms. */
  now(): number;
  advance(ms: number): void;
  /** Puts the wall clock this far before (or after) the time that passed, ms. */
  setWallClockAhead(ms: number): void;
  /** It restarts without its data. */
  lose(): Promise<void>;
}

/** Deadlines in memory follow the time that passed, whatever the wall clock shows. */
export function keptInMemory<Kept>(create: (clock: SteppedClock) => Kept): KeptUnderTest<Kept> {
  const time = createTime();
  let kept = create(time.clock);
  return {
    get kept() {
      return kept;
    },
    now: () => time.clock.monotonic(),
    advance: time.advance,
    setWallClockAhead: time.setWallClockAhead,
    async lose() {
      kept = create(time.clock);
    },
  };
}

/** Deadlines in Redis follow its wall clock, so its time is the one that is set. It begins empty. */
export async function keptInRedis<Kept>(
  create: (clock: SteppedClock) => Kept,
  empty: () => Promise<unknown>,
): Promise<KeptUnderTest<Kept>> {
  await empty();
  const time = createTime();
  return {
    kept: create(time.clock),
    now: () => time.clock.now(),
    advance: time.advance,
    setWallClockAhead: time.setWallClockAhead,
    async lose() {
      await empty();
    },
  };
}

function createTime() {
  let elapsed = 0;
  let ahead = 0;
  const clock: SteppedClock = {
    now: () => begin + elapsed + ahead,
    monotonic: () => elapsed,
    schedule: () => () => {},
  };
  return {
    clock,
    advance(ms: number): void {
      elapsed += ms;
    },
    setWallClockAhead(ms: number): void {
      ahead = ms;
    },
  };
}
