import { silentLogger } from '@naru/core';
import { createManualClock } from '@naru/core/testing';
import { exchanges } from '@naru/exchanges';
import type { OnDelivery, ProducerMessage } from '@naru/kafka-clients';
import { createLeaseStore, createMemoryConnectionCache } from '@naru/redis-cache';
import { expect, test } from 'vitest';
import type { Failure } from '../events/event-publisher.js';
import { Ownership } from '../fleet/ownership.js';
import { createDelivery } from '../publishing/delivery.js';
import { createRecordPublisher } from '../publishing/record-publisher.js';
import { playSockets } from '../testing/played-sockets.js';
import { connectToTrades, upbitAddress, upbitTrade, upbitTrades } from '../testing/upbit-trades.js';
import { createConnectionRecorder } from './connection-recorder.js';
import { StreamOrchestrator } from './stream-orchestrator.js';

const target = upbitTrades;
const url = upbitAddress;
const context = connectToTrades;
const trade = upbitTrade;

function setUp() {
  const clock = createManualClock(1_700_000_000_000);
  const { sockets, dial } = playSockets();
  const sends: { readonly message: ProducerMessage; readonly decide: OnDelivery }[] = [];
  const confirmed: string[] = [];
  const failures: Failure[] = [];
  const cache = createMemoryConnectionCache({ clock });
  const recorder = createConnectionRecorder({ cache, logger: silentLogger, onFailure: () => {} });
  const leases = createLeaseStore({ clock });
  const lost: string[] = [];
  let sleptMs = 0;
  const ownership = new Ownership({
    leases,
    member: 'me',
    leaseMs: 10_000,
    clock: { ...clock, monotonic: () => clock.monotonic() + sleptMs },
    random: () => 0.5,
    onLost: (_, reason) => {
      lost.push(reason);
      orchestrator.drop(target);
    },
  });
  const delivery = createDelivery({
    producer: {
      send: (message, decide) => {
        if (decide) sends.push({ message, decide });
        return undefined;
      },
      flush: async () => {},
      close: async () => {},
    },
    maxMemoryBytes: 1_000_000,
    stallMs: 2_000,
    ownerOf: () => undefined,
    onFull: () => {},
    clock,
    logger: silentLogger,
  });
  const orchestrator = new StreamOrchestrator({
    ownership,
    mayReceive: (of) => ownership.watch(of),
    findAdapter: (exchange, kind) => (exchanges.supports(exchange, kind) ? exchanges.get(exchange) : undefined),
    addressPolicy: { allowedHosts: ['other.example.com'], allowPrivateAddresses: false },
    createPublisher: (of) =>
      createRecordPublisher({
        target: of,
        topic: 'records',
        delivery,
        instanceId: 'i',
        encode: (batch) => Buffer.from(JSON.stringify(batch)),
        clock,
        maxBatchRecords: 2,
        maxBatchWaitMs: 20,
        onLost: ({ records }, reason, error) =>
          failures.push({ boundary: 'publish', error, target: of, context: { reason, records } }),
      }),
    recorder,
    events: {
      confirmed: (_, symbol, correlationId) => confirmed.push(`${symbol} ${correlationId}`),
      failed: (failure) => failures.push(failure),
      backpressure: () => {},
    },
    logger: silentLogger,
    clock,
    connection: () => ({
      dial,
      fetchSnapshot: () => Promise.reject(new Error('no snapshots here')),
      admit: (attempt) => attempt(),
      proofTimeoutMs: 10_000,
    }),
  });
  /** Time passes and nothing runs. */
  const sleep = (ms: number): void => {
    sleptMs += ms;
  };
  return { clock, sockets, sends, confirmed, failures, cache, recorder, orchestrator, leases, ownership, lost, sleep };
}

test('a stream is open when every symbol is proved, and the fleet can see it', async () => {
  const { orchestrator, clock, sockets, confirmed, cache, recorder } = setUp();
  const opened = orchestrator.connectFromContext(context(['KRW-BTC', 'KRW-ETH']));
  await clock.advance(0);
  sockets[0]?.handlers.onMessage(trade('KRW-BTC'));
  sockets[0]?.handlers.onMessage(trade('KRW-ETH'));
  expect(await opened).toMatchObject({ kind: 'opened', outcome: { confirmed: ['KRW-BTC', 'KRW-ETH'], pending: [] } });
  expect(confirmed).toEqual(['KRW-BTC c-1', 'KRW-ETH c-1']);
  await recorder.idle();
  expect(await cache.getConnectionSpec(target)).toMatchObject({
    status: 'connected',
    url,
    symbols: ['KRW-BTC', 'KRW-ETH'],
  });
});

test('the same symbols again are nothing to do; others go over the live socket', async () => {
  const { orchestrator, clock, sockets, cache, recorder } = setUp();
  const opened = orchestrator.connectFromContext(context(['KRW-BTC', 'KRW-ETH']));
  await clock.advance(0);
  for (const code of ['KRW-BTC', 'KRW-ETH']) sockets[0]?.handlers.onMessage(trade(code));
  await opened;
  expect(await orchestrator.connectFromContext(context(['KRW-ETH', 'KRW-BTC']))).toEqual({ kind: 'duplicate' });
  const changed = orchestrator.connectFromContext(context(['KRW-ETH', 'KRW-XRP'], { correlationId: 'c-2' }));
  await clock.advance(1_000);
  sockets[0]?.handlers.onMessage(trade('KRW-XRP'));
  expect(await changed).toMatchObject({ kind: 'changed', outcome: { confirmed: ['KRW-XRP'] } });
  expect(sockets).toHaveLength(1);
  await recorder.idle();
  expect(await cache.getConnectionSpec(target)).toMatchObject({ symbols: ['KRW-ETH', 'KRW-XRP'] });
});

test('another address ends the stream before the other one is dialled', async () => {
  const { orchestrator, clock, sockets } = setUp();
  void orchestrator.connectFromContext(context(['KRW-BTC']));
  await clock.advance(10_000);
  void orchestrator.connectFromContext(context(['KRW-BTC'], { url: 'wss://other.example.com/feed' }));
  await clock.advance(0);
  expect(sockets.map(({ url: to, closed }) => [to.host, closed])).toEqual([
    ['api.upbit.com', true],
    ['other.example.com', false],
  ]);
});

test('commands for one target run in turn', async () => {
  const { orchestrator, clock, sockets } = setUp();
  const opened = orchestrator.connectFromContext(context(['KRW-BTC']));
  const ended = orchestrator.disconnect(target);
  await clock.advance(0);
  expect(sockets[0]?.closed).toBe(false);
  sockets[0]?.handlers.onMessage(trade('KRW-BTC'));
  expect(await opened).toMatchObject({ outcome: { confirmed: ['KRW-BTC'] } });
  expect(await ended).toBe(true);
  expect(sockets[0]?.closed).toBe(true);
});

test.each([
  ['an unknown exchange', { target: { ...target, exchange: 'nasdaq' } }, 'exchange_not_supported'],
  ["another exchange's region", { target: { ...target, region: 'asia' as const } }, 'exchange_not_supported'],
  ["an address that is not the exchange's", { url: 'wss://example.com/' }, 'address_not_allowed'],
])('%s is refused before anything is opened', async (_, more, code) => {
  const { orchestrator, sockets } = setUp();
  await expect(orchestrator.connectFromContext(context(['KRW-BTC'], more))).rejects.toMatchObject({
    code,
    retryable: false,
  });
  expect(sockets).toEqual([]);
  expect(orchestrator.books.report()).toEqual([]);
});

test('what is received is accounted for until its fate is known, also beyond a disconnect', async () => {
  const { orchestrator, clock, sockets, sends, failures } = setUp();
  void orchestrator.connectFromContext(context(['KRW-BTC']));
  await clock.advance(0);
  for (const id of ['1', '2', '3', '4', '5']) sockets[0]?.handlers.onMessage(trade('KRW-BTC', `1700000000000000${id}`));
  expect(orchestrator.books.totals()).toMatchObject({ received: 5, acknowledged: 0, buffered: 5 });
  sends[0]?.decide(null, null);
  sends[1]?.decide(new Error('away') as never, null);
  expect(orchestrator.books.totals()).toMatchObject({ received: 5, acknowledged: 2, dropped: 2, buffered: 1 });
  expect(failures).toMatchObject([{ boundary: 'publish', context: { reason: 'delivery_failed', records: 2 } }]);

  await orchestrator.disconnect(target);
  expect(sends).toHaveLength(3);
  sends[2]?.decide(null, null);
  expect(orchestrator.books.report()).toMatchObject([
    { stream: null, accounts: { received: 5, acknowledged: 3, conflated: 0, dropped: 2, buffered: 0 } },
  ]);
  expect(orchestrator.books.takeMinute()).toMatchObject([{ wantedSymbols: 0, countBySymbol: { 'KRW-BTC': 5 } }]);
  expect(orchestrator.books.takeMinute()[0]?.bytes).toBeGreaterThan(500);
});

test('a projection leaves the fields that say what and when', async () => {
  const { orchestrator, clock, sockets, sends } = setUp();
  void orchestrator.connectFromContext(context(['KRW-BTC'], { projection: ['trade_price'] }));
  await clock.advance(0);
  sockets[0]?.handlers.onMessage(trade('KRW-BTC'));
  await clock.advance(20);
  expect(JSON.parse(String(sends[0]?.message.value)).data).toEqual([
    { code: 'KRW-BTC', trade_timestamp: 1_700_000_000, trade_price: 10.5, received_at: 1_700_000_000 },
  ]);
  expect(sends[0]?.message).toMatchObject({
    key: 'KRW-BTC',
    headers: { 'naru-event-id': 'upbit:KRW-BTC:17000000000000001-17000000000000001' },
  });
});

test('what an exchange does is told: silence, refusals and lost sockets', async () => {
  const { orchestrator, clock, sockets, failures } = setUp();
  const opened = orchestrator.connectFromContext(context(['KRW-BTC', 'KRW-NONE']));
  await clock.advance(0);
  sockets[0]?.handlers.onMessage(trade('KRW-BTC'));
  await clock.advance(10_000);
  expect(await opened).toMatchObject({ outcome: { confirmed: ['KRW-BTC'], pending: ['KRW-NONE'] } });
  expect(failures).toMatchObject([{ error: { code: 'proof_timeout', message: expect.stringContaining('KRW-NONE') } }]);
  sockets[0]?.handlers.onClose(1006, '');
  expect(failures.at(-1)).toMatchObject({
    boundary: 'ws_connection',
    error: { code: 'connect_failed', retryable: true },
  });
});

test('shutting down ends every stream, leaves it to the fleet and takes no more commands', async () => {
  const { orchestrator, clock, sockets, cache, recorder, ownership, leases } = setUp();
  void orchestrator.connectFromContext(context(['KRW-BTC']));
  await clock.advance(10_000);
  await orchestrator.shutdown();
  expect(sockets.every(({ closed }) => closed)).toBe(true);
  await recorder.idle();
  expect(await cache.getConnectionSpec(target)).toMatchObject({ status: 'disconnected', symbols: ['KRW-BTC'] });
  await expect(orchestrator.connectFromContext(context(['KRW-BTC']))).rejects.toMatchObject({
    code: 'shutting_down',
    retryable: true,
  });
  await ownership.handOver();
  expect(await leases.takeOver('other', 10_000, 5)).toMatchObject([{ scope: target }]);
});

test('shutting down waits for no proof: a command under way is rejected', async () => {
  const { orchestrator, clock, sockets } = setUp();
  const opened = expect(orchestrator.connectFromContext(context(['KRW-BTC']))).rejects.toMatchObject({
    code: 'shutting_down',
  });
  await clock.advance(0);
  await orchestrator.shutdown();
  await opened;
  expect(sockets.map(({ closed }) => closed)).toEqual([true]);
});

test('nothing is dialled before the lease is held, nor when another member has it', async () => {
  const { orchestrator, clock, sockets, leases } = setUp();
  const { token } = await leases.acquire(target, 'other', 10_000);
  const elsewhere = { kind: 'elsewhere', owner: 'other', expiresInMs: 10_000 };
  expect(await orchestrator.connectFromContext(context(['KRW-BTC']))).toEqual(elsewhere);
  expect(await orchestrator.disconnect(target)).toEqual(elsewhere);
  expect(sockets).toEqual([]);
  await leases.release(target, token);
  void orchestrator.connectFromContext(context(['KRW-BTC']));
  await clock.advance(0);
  expect(sockets).toHaveLength(1);
});

test('the token of the lease is in every message, in the state, in the report', async () => {
  const { orchestrator, clock, sockets, sends, cache, recorder, ownership } = setUp();
  void orchestrator.connectFromContext(context(['KRW-BTC']));
  await clock.advance(0);
  sockets[0]?.handlers.onMessage(trade('KRW-BTC'));
  await clock.advance(20);
  const token = ownership.tokenOf(target);
  expect(sends[0]?.message.headers).toMatchObject({ 'naru-lease-token': String(token) });
  await recorder.idle();
  expect(await cache.getConnectionSpec(target)).toMatchObject({ ownerToken: token });
  expect(orchestrator.books.report()).toMatchObject([{ stream: { leaseToken: token } }]);
});

test('a disconnect removes state and lease for good, also of a stream that is open nowhere', async () => {
  const { orchestrator, clock, cache, leases } = setUp();
  void orchestrator.connectFromContext(context(['KRW-BTC']));
  await clock.advance(10_000);
  expect(await orchestrator.disconnect(target)).toBe(true);
  expect([await cache.listScopes(), await leases.list()]).toEqual([[], []]);
  expect(await orchestrator.disconnect(target)).toBe(false);
  await cache.setConnectionSpec(target, { url, symbols: ['KRW-BTC'] }, { token: Number.MAX_SAFE_INTEGER - 1 });
  await expect(orchestrator.disconnect(target)).rejects.toMatchObject({ code: 'stale_token' });
});

test('a lost lease closes the sockets at once; what was received before still goes to Kafka, what comes after does not', async () => {
  const { orchestrator, clock, sockets, sends, leases, ownership, lost, cache, recorder } = setUp();
  void orchestrator.connectFromContext(context(['KRW-BTC']));
  await clock.advance(0);
  const before = ownership.tokenOf(target);
  sockets[0]?.handlers.onMessage(trade('KRW-BTC', '17000000000000001'));
  await leases.release(target, before ?? 0);
  await leases.acquire(target, 'other', 60_000);
  await clock.advance(4_000);
  expect(lost).toEqual(['taken']);
  expect(sockets.map(({ closed }) => closed)).toEqual([true]);
  sockets[0]?.handlers.onMessage(trade('KRW-BTC', '17000000000000002'));
  await clock.advance(60_000);
  expect(sockets).toHaveLength(1);
  expect(sends.map(({ message }) => message.headers?.['naru-lease-token'])).toEqual([String(before)]);
  expect(orchestrator.books.report()).toMatchObject([{ stream: null, accounts: { received: 1 } }]);
  await recorder.idle();
  expect(await cache.getConnectionSpec(target)).toMatchObject({ symbols: ['KRW-BTC'] });
});

test('a command whose stream is lost meanwhile is not done', async () => {
  const { orchestrator, clock, ownership, sockets } = setUp();
  const opened = expect(orchestrator.connectFromContext(context(['KRW-BTC']))).rejects.toMatchObject({
    code: 'ownership_lost',
    retryable: true,
  });
  await clock.advance(0);
  orchestrator.drop(target);
  await opened;
  expect(sockets.map(({ closed }) => closed)).toEqual([true]);
  expect(ownership.tokenOf(target)).toBeDefined();
});

test('a process that wakes from a pause takes nothing that came meanwhile, before any of its timers has fired', async () => {
  const { orchestrator, clock, sockets, sends, sleep } = setUp();
  void orchestrator.connectFromContext(context(['KRW-BTC']));
  await clock.advance(0);
  sockets[0]?.handlers.onMessage(trade('KRW-BTC', '17000000000000001'));
  sleep(9_000);
  sockets[0]?.handlers.onMessage(trade('KRW-BTC', '17000000000000002'));
  await clock.advance(20);
  expect(sends).toHaveLength(1);
  expect(orchestrator.books.totals()).toMatchObject({ received: 1, buffered: 1 });
});
