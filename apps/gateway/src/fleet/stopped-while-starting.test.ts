import { silentLogger } from '@naru/core';
import { createManualClock } from '@naru/core/testing';
import {
  createLeaseStore,
  createMemoryConnectionCache,
  createMemoryMessageBus,
  type MessageBus,
} from '@naru/redis-cache';
import { expect, test } from 'vitest';
import { upbitTrades } from '../testing/upbit-trades.js';
import { createFleet } from './fleet.js';
import { Ownership } from './ownership.js';

test('a member that is stopped while it starts takes nothing over', async () => {
  const clock = createManualClock(1_700_000_000_000);
  const leases = createLeaseStore({ clock });
  const memory = createMemoryMessageBus();
  let go = (): void => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  const bus: MessageBus = {
    ...memory,
    async subscribe(channel, listener) {
      await gate;
      return await memory.subscribe(channel, listener);
    },
  };
  const never = (): never => {
    throw new Error('nothing is asked of the streams here');
  };
  const fleet = createFleet({
    bus,
    cache: createMemoryConnectionCache({ clock }),
    ownership: new Ownership({ leases, member: 'a', leaseMs: 10_000, clock, onLost: never }),
    streams: {
      check: never,
      connectFromContext: never,
      disconnect: never,
      find: () => undefined,
      drop: () => {},
    } as never,
    whenUnconfirmed: 'stop',
    shareEveryMs: 1_000,
    answerTimeoutMs: 1_000,
    onStoreBack: () => {},
    events: { failed: () => {} },
    logger: silentLogger,
    clock,
  });
  await leases.acquire(upbitTrades, 'gone', 1_000);
  await clock.advance(2_000);
  const starting = fleet.start();
  fleet.stop();
  await fleet.handOver();
  await fleet.close();
  go();
  await starting;
  await clock.advance(5_000);
  expect(await leases.list()).toMatchObject([{ owner: 'gone' }]);
  expect(clock.pending).toBe(0);
});
