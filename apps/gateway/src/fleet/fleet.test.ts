import { Abandoned } from '@naru/kafka-clients';
import { expect, test } from 'vitest';
import type { ConnectContext } from '../orchestration/connect-context.js';
import { createFleetUnderTest, type Member } from '../testing/fleet-under-test.js';
import type { PlayedSocket } from '../testing/played-sockets.js';
import { connectToTrades, upbitAddress, upbitTrade, upbitTrades } from '../testing/upbit-trades.js';

const target = upbitTrades;
const context = (symbols: readonly string[], more: Partial<ConnectContext> = {}): ConnectContext =>
  connectToTrades(symbols, { socketParams: { a: 1 }, projection: ['trade_price'], ...more });
let ids = 0;
const receive = (socket: PlayedSocket | undefined, code: string): void => {
  ids += 1;
  socket?.handlers.onMessage(upbitTrade(code, ids));
};
const tokens = ({ messages }: Member): (string | undefined)[] =>
  messages.map(({ headers }) => headers?.['naru-lease-token'] as string | undefined);
const codesTold = ({ failures }: Member): unknown[] =>
  failures.map(({ error }) => (error as { code?: unknown }).code).filter((code) => code !== 'proof_timeout');

/** Two members; the first one streams. */
async function setUp(policy: 'stop' | 'continue' = 'stop') {
  const world = createFleetUnderTest();
  const [a, b] = [await world.join('a', policy), await world.join('b', policy)];
  const opened = a.connect(context(['KRW-BTC']));
  await world.clock.advance(0);
  receive(a.sockets[0], 'KRW-BTC');
  expect(await opened).toMatchObject({ kind: 'opened', outcome: { confirmed: ['KRW-BTC'] } });
  await world.clock.advance(500);
  return { ...world, a, b };
}

test('a dead member’s stream runs elsewhere within fifteen seconds, as it was asked for', async () => {
  const { a, b, clock, owners, cache } = await setUp();
  const before = a.tokenOf(target);
  await a.kill();
  await clock.advance(9_000);
  expect(b.sockets).toEqual([]);
  await clock.advance(5_500);
  expect(b.open()).toMatchObject([{ url: new URL(upbitAddress) }]);
  expect(b.sockets[0]?.sent.join()).toContain('KRW-BTC');
  receive(b.sockets[0], 'KRW-BTC');
  await clock.advance(20);
  expect(b.tokenOf(target)).toBeGreaterThan(before ?? 0);
  expect(tokens(b)).toEqual([String(b.tokenOf(target))]);
  expect(JSON.parse(String(b.messages[0]?.value)).data[0]).toMatchObject({ code: 'KRW-BTC', trade_price: 10.5 });
  expect(JSON.parse(String(b.messages[0]?.value)).data[0]).not.toHaveProperty('trade_volume');
  expect(await owners()).toEqual([['upbit/korea/trade', 'b', true]]);
  expect(await cache().getConnectionSpec(target)).toMatchObject({
    status: 'connected',
    socketParams: { a: 1 },
    projection: ['trade_price'],
    correlationId: 'c-1',
    ownerToken: b.tokenOf(target),
  });
  await expect(
    cache().updateState(target, { status: 'disconnected' }, before === undefined ? {} : { token: before }),
  ).rejects.toMatchObject({ code: 'stale_token' });
});

test('the streams of a dead member spread over those that live', async () => {
  const world = createFleetUnderTest();
  const [a, b, c] = [await world.join('a'), await world.join('b'), await world.join('c')];
  const kinds = ['ticker', 'trade', 'orderbook'] as const;
  const targets: ConnectContext[] = kinds.flatMap((request_type) => [
    context(['KRW-BTC'], { target: { ...target, request_type }, projection: null }),
    context(['USDT-BTC'], {
      target: { exchange: 'okx', region: 'asia', request_type },
      url: 'wss://ws.okx.com:8443/ws/v5/public',
      projection: null,
    }),
  ]);
  for (const one of targets) void a.connect(one);
  await world.clock.advance(2_500);
  expect(a.open()).toHaveLength(6);
  await a.kill();
  await world.clock.advance(12_000);
  const counts = [b, c].map((member) => member.fleet.report().leases);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(6);
  expect(Math.min(...counts)).toBeGreaterThan(0);
});

test('a command for a stream of another member changes it there, on the live socket', async () => {
  const { a, b, clock } = await setUp();
  const changed = b.connect(context(['KRW-BTC', 'KRW-ETH'], { correlationId: 'c-2' }));
  await clock.advance(1_100);
  receive(a.sockets[0], 'KRW-ETH');
  expect(await changed).toEqual({ kind: 'forwarded', owner: 'a', result: 'changed' });
  expect(a.sockets).toHaveLength(1);
  expect(a.sockets[0]?.sent.at(-1)).toContain('KRW-ETH');
  expect(b.sockets).toEqual([]);
  expect(await b.connect(context(['KRW-ETH', 'KRW-BTC']))).toMatchObject({ result: 'duplicate' });
  expect(a.orchestrator.find(target)?.context).toMatchObject({ socketParams: { a: 1 }, projection: ['trade_price'] });
});

test('whoever follows a command sees where it went, and at its owner what became of it', async () => {
  const { a, b, clock } = await setUp();
  expect(a.steps.map(({ step }) => step)).toEqual(['validated', 'owned', 'dialled', 'proved', 'done']);
  expect(a.steps).toContainEqual({ step: 'dialled', connection: 'upbit/korea/trade#0', socket: 1 });
  expect(a.steps).toContainEqual({ step: 'proved', symbols: ['KRW-BTC'] });
  expect(a.steps.at(-1)).toEqual({ step: 'done', result: 'opened', confirmed: 1, refused: 0, pending: 0 });
  const seen = a.steps.length;
  const changed = b.connect(context(['KRW-BTC', 'KRW-ETH']));
  await clock.advance(0);
  receive(a.sockets[0], 'KRW-ETH');
  await clock.advance(0);
  await changed;
  expect(b.steps).toEqual([
    { step: 'validated' },
    { step: 'forwarded', owner: 'a' },
    { step: 'done', result: 'changed' },
  ]);
  expect(a.steps.slice(seen).map(({ step }) => step)).toEqual(['owned', 'proved', 'done']);
  await b.fleet.commands.disconnect(target, 'c-2');
  expect(b.steps.slice(3)).toEqual([
    { step: 'forwarded', owner: 'a' },
    { step: 'done', result: 'ended' },
  ]);
  expect(a.steps.at(-1)).toEqual({ step: 'done', result: 'ended' });
});

test('a command that can never be carried out is refused before anybody is asked', async () => {
  const { b } = await setUp();
  await expect(b.connect(context(['KRW-BTC'], { url: 'wss://example.com/' }))).rejects.toMatchObject({
    code: 'address_not_allowed',
  });
});

test('a disconnect ends the stream of another member, for good', async () => {
  const { a, b, clock, owners, cache } = await setUp();
  expect(await b.fleet.commands.disconnect(target, 'c-3')).toBe(true);
  expect(a.open()).toEqual([]);
  expect([await owners(), await cache().listScopes()]).toEqual([[], []]);
  await clock.advance(30_000);
  expect([...a.open(), ...b.open()]).toEqual([]);
  expect(await b.fleet.commands.disconnect(target)).toBe(false);
});

test('a command for a dead member’s stream waits until it can be taken over, then is carried out here', async () => {
  const { a, b, clock } = await setUp();
  await a.kill();
  const changed = b.connect(context(['KRW-ETH']));
  await clock.advance(8_000);
  expect(b.sockets).toEqual([]);
  await clock.advance(5_000);
  receive(b.open()[0], 'KRW-ETH');
  await clock.advance(2_000);
  expect(await changed).toMatchObject({ kind: expect.stringMatching(/opened|changed/) });
  expect(b.open()).toHaveLength(1);
  expect(b.orchestrator.find(target)?.context.symbols).toEqual(['KRW-ETH']);
});

test('a member that ends in order hands its streams over within two seconds', async () => {
  const { a, b, clock } = await setUp();
  const before = a.tokenOf(target);
  await a.end();
  expect(a.open()).toEqual([]);
  await clock.advance(2_000);
  expect(b.open()).toHaveLength(1);
  expect(b.tokenOf(target)).toBeGreaterThan(before ?? 0);
  await expect(a.connect(context(['KRW-ETH']))).rejects.toBeInstanceOf(Abandoned);
});

test('streams resume after the whole fleet was restarted', async () => {
  const { a, b, clock, join } = await setUp();
  await a.end();
  await b.end();
  await clock.advance(600_000);
  const c = await join('c');
  await clock.advance(0);
  expect(c.open()).toMatchObject([{ url: new URL(upbitAddress) }]);
  await c.kill();
  const d = await join('d');
  await clock.advance(12_000);
  expect(d.open()).toHaveLength(1);
});

test('a process that wakes publishes nothing it received meanwhile, and leaves the stream to its new owner', async () => {
  const { a, b, clock } = await setUp();
  const published = a.messages.length;
  a.pause();
  await clock.advance(12_000);
  expect(b.open()).toHaveLength(1);
  receive(a.sockets[0], 'KRW-BTC');
  a.wake();
  receive(a.sockets[0], 'KRW-BTC');
  await clock.advance(5_000);
  expect(a.open()).toEqual([]);
  expect(a.messages).toHaveLength(published);
  expect(b.open()).toHaveLength(1);
  expect(a.fleet.report().leases).toBe(0);
});

test('with Redis away live sockets go on until the lease ends; then they stop, and it heals by itself', async () => {
  const { a, b, clock } = await setUp();
  for (const member of [a, b]) member.cutOff(true);
  await clock.advance(5_000);
  receive(a.sockets[0], 'KRW-BTC');
  await clock.advance(20);
  expect(a.messages).toHaveLength(2);
  await clock.advance(60_000);
  expect(a.open()).toEqual([]);
  for (const member of [a, b]) {
    expect(member.fleet.report().store).toBe('away');
    expect(codesTold(member)).toEqual(member === a ? ['unavailable', 'ownership_lost'] : ['unavailable']);
  }
  for (const member of [a, b]) member.cutOff(false);
  await clock.advance(3_000);
  expect([...a.open(), ...b.open()]).toHaveLength(1);
  expect([a, b].map(({ fleet }) => fleet.report().store)).toEqual(['available', 'available']);
});

test('with Redis away a command waits, is told once, and is carried out when Redis is back', async () => {
  const { a, b, clock } = await setUp();
  b.cutOff(true);
  let done = false;
  const other = { ...target, request_type: 'ticker' } as const;
  const waiting = b.connect(context(['KRW-BTC'], { target: other, projection: null })).then((result) => {
    done = true;
    return result;
  });
  await clock.advance(120_000);
  expect(done).toBe(false);
  expect(codesTold(b)).toEqual(['unavailable']);
  b.cutOff(false);
  await clock.advance(4_500);
  expect(await waiting).toMatchObject({ kind: 'opened' });
  expect(b.open()).toHaveLength(1);
  expect(a.open()).toHaveLength(1);
});

test('a change that the fleet cannot see yet is no command done: it is not forgotten when the stream moves', async () => {
  const { a, b, clock } = await setUp();
  a.cutOff(true);
  let done = false;
  const changed = a.connect(context(['KRW-ETH'])).then((result) => {
    done = true;
    return result;
  });
  await clock.advance(1_000);
  receive(a.sockets[0], 'KRW-ETH');
  await clock.advance(4_000);
  expect(a.open()[0]?.sent.at(-1)).toContain('KRW-ETH');
  expect(done).toBe(false);
  await clock.advance(10_000);
  expect(b.orchestrator.find(target)?.context.symbols).toEqual(['KRW-BTC']);
  a.cutOff(false);
  await clock.advance(5_000);
  expect(await changed).toMatchObject({ kind: 'forwarded', owner: 'b' });
  expect(b.orchestrator.find(target)?.context.symbols).toEqual(['KRW-ETH']);
});

test('what changed here last is what comes back, when nobody else had the stream meanwhile', async () => {
  const { a, b, clock } = await setUp();
  await b.kill();
  a.cutOff(true);
  const gone = new AbortController();
  const abandoned = expect(
    a.fleet.commands.connectFromContext(context(['KRW-ETH']), { signal: gone.signal }),
  ).rejects.toBeInstanceOf(Abandoned);
  await clock.advance(5_000);
  gone.abort();
  await abandoned;
  await clock.advance(25_000);
  expect(a.open()).toEqual([]);
  a.cutOff(false);
  await clock.advance(1_500);
  expect(a.orchestrator.find(target)?.context.symbols).toEqual(['KRW-ETH']);
});

test('a command that waits is abandoned, not dead-lettered, when the member ends or its partition goes', async () => {
  const { b, clock } = await setUp();
  b.cutOff(true);
  const gone = new AbortController();
  const other = { ...target, request_type: 'ticker' } as const;
  const taken = expect(
    b.fleet.commands.connectFromContext(context(['KRW-BTC'], { target: other }), { signal: gone.signal }),
  ).rejects.toBeInstanceOf(Abandoned);
  await clock.advance(1_000);
  gone.abort();
  await taken;
  const ended = expect(b.fleet.commands.disconnect(target)).rejects.toBeInstanceOf(Abandoned);
  await clock.advance(1_000);
  b.fleet.stop();
  await ended;
});

test('a command that outlives its time while it waits is not carried out', async () => {
  const { b, clock } = await setUp();
  b.cutOff(true);
  const other = { ...target, request_type: 'ticker' } as const;
  const waiting = expect(
    b.fleet.commands.connectFromContext(context(['KRW-BTC'], { target: other }), {
      isExpired: () => clock.now() > due,
    }),
  ).rejects.toMatchObject({ code: 'command_expired', retryable: false });
  const due = clock.now() + 5_000;
  await clock.advance(8_000);
  await waiting;
  b.cutOff(false);
  await clock.advance(20_000);
  expect(b.sockets).toEqual([]);
});

test('a stream that was taken over without the taker hearing of it is found when the store answers again', async () => {
  const { a, b, clock, owners } = await setUp();
  await a.kill();
  b.cutOff('answers');
  await clock.advance(12_000);
  expect(b.sockets).toEqual([]);
  expect(await owners()).toEqual([['upbit/korea/trade', 'b', true]]);
  b.cutOff(false);
  await clock.advance(1_500);
  expect(b.open()).toHaveLength(1);
});

test('asked to continue, a stream goes on without Redis and has a new lease afterwards, on the same socket', async () => {
  const { a, b, clock } = await setUp('continue');
  const before = a.tokenOf(target);
  for (const member of [a, b]) member.cutOff(true);
  await clock.advance(20_000);
  receive(a.sockets[0], 'KRW-BTC');
  await clock.advance(20);
  expect(tokens(a)).toEqual([String(before), String(before)]);
  a.cutOff(false);
  await clock.advance(3_000);
  b.cutOff(false);
  await clock.advance(3_000);
  receive(a.sockets[0], 'KRW-BTC');
  await clock.advance(20);
  expect(a.sockets).toHaveLength(1);
  expect(a.open()).toHaveLength(1);
  expect(a.tokenOf(target)).toBeGreaterThan(before ?? 0);
  expect(tokens(a).at(-1)).toBe(String(a.tokenOf(target)));
  expect(b.open()).toEqual([]);
});

test('asked to continue, a stream ends as soon as another member is known to have it', async () => {
  const { a, b, clock } = await setUp('continue');
  a.cutOff(true);
  await clock.advance(13_000);
  expect([a.open().length, b.open().length]).toEqual([1, 1]);
  a.cutOff(false);
  await clock.advance(3_000);
  expect([a.open().length, b.open().length]).toEqual([0, 1]);
});

test('a Redis that lost everything gets it back from whoever streams', async () => {
  const { a, b, clock, lose, cache, owners } = await setUp();
  lose();
  await clock.advance(5_000);
  expect([...a.open(), ...b.open()]).toHaveLength(1);
  expect(await cache().getConnectionSpec(target)).toMatchObject({ symbols: ['KRW-BTC'], correlationId: 'c-1' });
  expect(await owners()).toEqual([['upbit/korea/trade', 'a', true]]);
});

test('a paused member does not bring back what was ended meanwhile', async () => {
  const { a, b, clock, owners } = await setUp();
  a.pause();
  await clock.advance(12_000);
  expect(await b.fleet.commands.disconnect(target)).toBe(true);
  a.wake();
  await clock.advance(30_000);
  expect([...a.open(), ...b.open()]).toEqual([]);
  expect(await owners()).toEqual([]);
});

test('a member whose write is refused as stale closes its sockets', async () => {
  const { a, b, clock, cache } = await setUp();
  const later = (a.tokenOf(target) ?? 0) + 1_000_000;
  await cache().updateState(target, {}, { token: later });
  const [first] = a.sockets;
  first?.breakOff();
  await clock.advance(0);
  expect(a.open()).toEqual([]);
  expect(codesTold(a)).toContain('ownership_lost');
  await clock.advance(30_000);
  expect([...a.open(), ...b.open()]).toHaveLength(1);
});

test.each([
  ['not allowed', { exchange: 'upbit', region: 'korea' }, 'wss://example.com/'],
  ['not supported', { exchange: 'nasdaq', region: 'na' }, upbitAddress],
  ["another exchange's region", { exchange: 'upbit', region: 'asia' }, upbitAddress],
])('a stream that is %s is told once and given up', async (_, where, address) => {
  const { clock, join, leases, cache, owners } = createFleetUnderTest();
  const scope = { ...where, request_type: 'trade' };
  const lease = await leases().acquire(scope, 'dead', 1_000);
  await cache().setConnectionSpec(scope, { url: address, symbols: ['KRW-BTC'] }, { token: lease.token });
  const [a, b] = [await join('a'), await join('b')];
  await clock.advance(60_000);
  expect([...codesTold(a), ...codesTold(b)]).toEqual(['cannot_resume']);
  expect([...a.sockets, ...b.sockets]).toEqual([]);
  expect(await owners()).toEqual([]);
});

test('a lease without a state is given up in silence', async () => {
  const { clock, join, leases, owners } = createFleetUnderTest();
  await leases().acquire(target, 'dead', 1_000);
  const a = await join('a');
  await clock.advance(5_000);
  expect([codesTold(a), a.sockets, await owners()]).toEqual([[], [], []]);
});
