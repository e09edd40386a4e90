import { silentLogger, targetKey } from '@naru/core';
import { createManualClock } from '@naru/core/testing';
import { createMemoryConnectionCache, RedisCacheError } from '@naru/redis-cache';
import { expect, test } from 'vitest';
import type { Failure } from '../events/event-publisher.js';
import { GatewayError } from '../gateway-error.js';
import type { ConnectContext } from '../orchestration/connect-context.js';
import type { DroppedStream } from '../orchestration/stream-orchestrator.js';
import { connectToTrades, upbitTrades as target } from '../testing/upbit-trades.js';
import { createResumption, type ResumptionOptions } from './resumption.js';
import { createStoreWatch } from './store-watch.js';

/** A resumption whose neighbours do what a test says. */
function setUp(more: { readonly cache?: Partial<ResumptionOptions['cache']>; readonly connect?: () => Promise<void> }) {
  const clock = createManualClock(1_700_000_000_000);
  const failures: Failure[] = [];
  const events = { failed: (failure: Failure) => void failures.push(failure) };
  const memory = createMemoryConnectionCache({ clock });
  const world = {
    clock,
    failures,
    /** What is open, as the orchestrator knows it. */
    open: undefined as DroppedStream | undefined,
    connected: [] as ConnectContext[],
    released: 0,
    resumption: undefined as unknown as ReturnType<typeof createResumption>,
  };
  world.resumption = createResumption({
    ownership: {
      claim: async () => ({ held: true, token: 2 }),
      tokenOf: () => 2,
      release: async () => {
        world.released += 1;
      },
    },
    cache: {
      getConnectionSpec: (scope) => memory.getConnectionSpec(scope),
      updateState: (scope, update, options) => memory.updateState(scope, update, options),
      ...more.cache,
    },
    streams: {
      find: () => world.open,
      connectFromContext: async (context) => {
        world.connected.push(context);
        await more.connect?.();
        return { kind: 'duplicate' };
      },
      drop: () => {
        world.open = undefined;
      },
    },
    watch: createStoreWatch({ clock, logger: silentLogger, events, onBack: () => {} }),
    events,
    logger: silentLogger,
    clock,
    random: () => 0.5,
  });
  return world;
}

const lost = (symbols: readonly string[]): DroppedStream => ({ context: connectToTrades(symbols, {}), token: 1 });

test('a stream that is given up is closed, though a command opened it meanwhile: nobody renews its lease', async () => {
  const world = setUp({
    cache: {
      getConnectionSpec: async () => {
        world.open = { ...lost(['KRW-ETH']), token: 2 };
        throw new RedisCacheError('It is damaged.', { code: 'damaged_value' });
      },
    },
  });
  world.resumption.resume(target);
  await world.clock.advance(0);
  expect(world.failures.map(({ error }) => (error as GatewayError).code)).toEqual(['cannot_resume']);
  expect([world.released, world.open]).toEqual([1, undefined]);
});

test('a stream that is lost again while it is recovered is recovered again', async () => {
  let finish = (): void => {};
  const world = setUp({ connect: () => new Promise((resolve) => (finish = resolve)) });
  world.resumption.recover(target, lost(['KRW-BTC']));
  await world.clock.advance(0);
  world.resumption.recover(target, lost(['KRW-BTC', 'KRW-ETH']));
  finish();
  await world.clock.advance(10_000);
  finish();
  await world.clock.advance(10_000);
  expect(world.connected.map(({ symbols }) => symbols)).toEqual([['KRW-BTC'], ['KRW-BTC', 'KRW-ETH']]);
  await world.resumption.idle();
});

test('what a command asked for meanwhile is not undone by what was lost before', async () => {
  const newer = lost(['KRW-XRP']).context;
  const world = setUp({
    cache: {
      getConnectionSpec: async () => {
        // Read just before the command's own state is written.
        world.open = { context: newer, token: 2 };
        return undefined;
      },
    },
  });
  world.resumption.recover(target, lost(['KRW-BTC']));
  await world.clock.advance(0);
  expect(world.connected).toEqual([newer]);
});

test('a failure that passes is tried again until the end', async () => {
  let calls = 0;
  const world = setUp({
    connect: async () => {
      calls += 1;
      throw new GatewayError('ownership_lost', `${targetKey(target)} is lost.`, { retryable: true });
    },
  });
  world.resumption.recover(target, lost(['KRW-BTC']));
  await world.clock.advance(5_000);
  expect(calls).toBeGreaterThan(1);
  world.resumption.stop();
  await world.resumption.idle();
  expect(world.clock.pending).toBe(0);
});
