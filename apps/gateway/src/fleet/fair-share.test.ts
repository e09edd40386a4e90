import { expect, test } from 'vitest';
import type { ConnectContext } from '../orchestration/connect-context.js';
import { createFleetUnderTest, type FleetUnderTest, type Member } from '../testing/fleet-under-test.js';
import { connectToTrades, upbitTrade, upbitTrades } from '../testing/upbit-trades.js';

const everyMs = 2_000;
/** Every comparison that comes due, the wait for a stream that is being opened included. */
const roundMs = 2 * everyMs;
const kinds = ['ticker', 'trade', 'orderbook'] as const;
const streams: readonly ConnectContext[] = kinds.flatMap((request_type) => [
  connectToTrades(['KRW-BTC'], { target: { ...upbitTrades, request_type } }),
  connectToTrades(['USDT-BTC'], {
    target: { exchange: 'okx', region: 'asia', request_type },
    url: 'wss://ws.okx.com:8443/ws/v5/public',
  }),
]);

/** A member that streams six targets. */
async function setUp(): Promise<{ readonly world: FleetUnderTest; readonly a: Member }> {
  const world = createFleetUnderTest();
  const a = await world.join('a', 'stop', everyMs);
  for (const stream of streams) void a.connect(stream);
  await world.clock.advance(2_500);
  expect(a.open()).toHaveLength(6);
  return { world, a };
}

const leasesOf = (...members: readonly Member[]): readonly number[] =>
  members.map(({ fleet }) => fleet.report().leases);

test('a member that joins takes streams over, one at a time, until nobody has two more than another', async () => {
  const { world, a } = await setUp();
  const b = await world.join('b', 'stop', everyMs);
  await world.clock.advance(2_500);
  expect(leasesOf(a, b)).toEqual([5, 1]);
  await world.clock.advance(4 * roundMs);
  expect(leasesOf(a, b)).toEqual([3, 3]);
  const c = await world.join('c', 'stop', everyMs);
  await world.clock.advance(4 * roundMs);
  expect(leasesOf(a, b, c)).toEqual([2, 2, 2]);
  const owners = await world.owners();
  await world.clock.advance(4 * roundMs);
  expect(await world.owners(), 'nothing moves any more').toEqual(expect.arrayContaining([...owners]));
});

test('a stream moves as it was asked for, and its commands find it', async () => {
  const { world, a } = await setUp();
  const wanted = connectToTrades(['KRW-BTC', 'KRW-ETH'], { correlationId: 'c-9', projection: ['trade_price'] });
  const changed = a.connect(wanted);
  await world.clock.advance(2_500);
  await changed;
  const b = await world.join('b', 'stop', everyMs);
  await world.clock.advance(4 * roundMs);
  const [owner, other] = b.tokenOf(upbitTrades) === undefined ? [a, b] : [b, a];
  expect(owner.orchestrator.find(upbitTrades)?.context).toMatchObject({
    symbols: wanted.symbols,
    projection: wanted.projection,
    correlationId: 'c-9',
  });
  expect(await other.connect(wanted)).toMatchObject({ kind: 'forwarded', owner: owner.name, result: 'duplicate' });
});

test('records that were received before the move are sent before the lease is given away', async () => {
  const world = createFleetUnderTest();
  const a = await world.join('a');
  void a.connect(connectToTrades(['KRW-BTC']));
  await world.clock.advance(2_500);
  a.sockets[0]?.handlers.onMessage(upbitTrade('KRW-BTC'));
  const sent = a.orchestrator.giveAway(upbitTrades).then(() => a.messages.length);
  await world.clock.advance(100);
  expect(await sent).toBe(1);
  expect(a.orchestrator.find(upbitTrades)).toBeUndefined();
  expect(await world.owners()).toEqual([['upbit/korea/trade', 'a', false]]);
});

test('a stream that is not open is not given away', async () => {
  const world = createFleetUnderTest();
  const a = await world.join('a');
  expect(await a.orchestrator.giveAway(upbitTrades)).toBe(false);
});

test('nothing moves to a member that does not ask', async () => {
  const { world, a } = await setUp();
  const idle = await world.join('idle');
  await world.clock.advance(4 * roundMs);
  expect(leasesOf(a, idle)).toEqual([6, 0]);
});

test('the streams that a member took go to whoever lives when it dies', async () => {
  const { world, a } = await setUp();
  const b = await world.join('b', 'stop', everyMs);
  await world.clock.advance(2_500);
  expect(leasesOf(a, b)).toEqual([5, 1]);
  await b.kill();
  await world.clock.advance(15_000);
  expect(leasesOf(a)).toEqual([6]);
});

test('nothing moves while the store is away', async () => {
  const { world, a } = await setUp();
  const b = await world.join('b', 'stop', everyMs);
  b.cutOff(true);
  await world.clock.advance(2 * roundMs);
  expect(leasesOf(a, b)).toEqual([6, 0]);
  b.cutOff(false);
  await world.clock.advance(5 * roundMs);
  expect(leasesOf(a, b)).toEqual([3, 3]);
});
