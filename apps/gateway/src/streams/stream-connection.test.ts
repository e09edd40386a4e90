import { silentLogger } from '@naru/core';
import { createManualClock, type ManualClock } from '@naru/core/testing';
import { exchanges } from '@naru/exchanges';
import { expect, test } from 'vitest';
import { playSockets } from '../testing/played-sockets.js';
import { upbitTrade } from '../testing/upbit-trades.js';
import type { Dial } from './dial.js';
import { StreamConnection, type StreamConnectionOptions } from './stream-connection.js';

function setUp(options: Partial<StreamConnectionOptions> = {}, exchange = 'upbit') {
  const clock: ManualClock = createManualClock(1_700_000_000_000);
  const played = playSockets();
  const { sockets } = played;
  const refusals: Error[] = [];
  const log = {
    confirmed: [] as string[][],
    refused: [] as [string | undefined, string][],
    unconfirmed: [] as string[][],
    trouble: [] as string[],
    records: 0,
    failures: 0,
  };
  const dial: Dial = (url, handlers) => {
    const refusal = refusals.shift();
    return refusal ? Promise.reject(refusal) : played.dial(url, handlers);
  };
  const connection = new StreamConnection({
    id: 'c',
    adapter: exchanges.get(exchange),
    kind: 'trade',
    url: new URL('wss://example.com/'),
    dial,
    fetchSnapshot: () => Promise.reject(new Error('no snapshots here')),
    admit: (attempt) => attempt(),
    clock,
    logger: silentLogger,
    random: () => 0.5,
    proofTimeoutMs: 10_000,
    listener: {
      onRecords: (records) => {
        log.records += records.length;
      },
      onConfirmed: (symbols) => log.confirmed.push([...symbols]),
      onRefused: (symbol, reason) => log.refused.push([symbol, reason]),
      onOpened: () => {},
      onUnconfirmed: (symbols) => log.unconfirmed.push([...symbols]),
      onTrouble: (error) => log.trouble.push(error.message),
      onFrame: () => {},
      onParseFailure: () => {
        log.failures += 1;
      },
    },
    ...options,
  });
  return { clock, sockets, refusals, log, connection };
}

const trade = upbitTrade;

test('dials, subscribes, and is live with the first proof', async () => {
  const { connection, sockets, clock, log } = setUp();
  connection.want(['KRW-BTC', 'KRW-ETH']);
  await clock.advance(0);
  expect(connection.state.phase).toBe('subscribing');
  expect(sockets[0]!.sent).toHaveLength(1);
  expect(sockets[0]!.sent[0]).toContain('KRW-ETH');
  sockets[0]!.handlers.onMessage(trade('KRW-BTC'));
  sockets[0]!.handlers.onMessage(trade('KRW-BTC', 17_000_000_000_000_003n));
  expect(connection.state.phase).toBe('live');
  expect(log).toMatchObject({ confirmed: [['KRW-BTC']], records: 2 });
});

test('says how long it is as it is, and how long nothing came', async () => {
  const { connection, sockets, clock } = setUp();
  connection.want(['KRW-BTC', 'KRW-ETH']);
  await clock.advance(0);
  await clock.advance(400);
  sockets[0]!.handlers.onMessage(trade('KRW-BTC'));
  await clock.advance(250);
  expect(connection.snapshot()).toEqual({
    id: 'c',
    epoch: 1,
    state: { phase: 'live' },
    ageMs: 250,
    silentMs: 250,
    symbols: 2,
    confirmed: 1,
  });
  sockets[0]!.handlers.onClose(1006, '');
  await clock.advance(100);
  expect(connection.snapshot()).toMatchObject({ state: { phase: 'waiting' }, ageMs: 100, silentMs: null });
});

test('names the symbols without proof in time, and still takes a late one', async () => {
  const { connection, sockets, clock, log } = setUp();
  connection.want(['KRW-BTC', 'KRW-NONE']);
  await clock.advance(0);
  sockets[0]!.handlers.onMessage(trade('KRW-BTC'));
  await clock.advance(10_000);
  expect(log.unconfirmed).toEqual([['KRW-NONE']]);
  sockets[0]!.handlers.onMessage(trade('KRW-NONE'));
  expect(log.confirmed).toEqual([['KRW-BTC'], ['KRW-NONE']]);
});

test('other symbols go over the open socket', async () => {
  const { connection, sockets, clock } = setUp();
  connection.want(['KRW-BTC']);
  await clock.advance(0);
  await clock.advance(1_000);
  connection.want(['KRW-ETH']);
  expect(sockets).toHaveLength(1);
  expect(sockets[0]!.sent.at(-1)).toContain('KRW-ETH');
});

test('a lost socket is dialled again after the backoff, with a new proof', async () => {
  const { connection, sockets, clock, log } = setUp();
  connection.want(['KRW-BTC']);
  await clock.advance(0);
  sockets[0]!.handlers.onMessage(trade('KRW-BTC'));
  sockets[0]!.handlers.onClose(1006, '');
  expect(connection.state).toMatchObject({ phase: 'waiting', forMs: 1_000 });
  expect(log.trouble).toEqual(['closed with 1006']);
  await clock.advance(1_000);
  expect(sockets).toHaveLength(2);
  expect(connection.epoch).toBe(2);
  sockets[1]!.handlers.onMessage(trade('KRW-BTC'));
  expect(log.confirmed).toEqual([['KRW-BTC'], ['KRW-BTC']]);
});

test('the backoff grows over failed dials and over sockets without stable data', async () => {
  const { connection, sockets, refusals, clock } = setUp();
  refusals.push(new Error('refused'), new Error('refused'));
  connection.want(['KRW-BTC']);
  await clock.advance(0);
  expect(connection.state).toMatchObject({ phase: 'waiting', forMs: 1_000 });
  await clock.advance(1_000);
  expect(connection.state).toMatchObject({ phase: 'waiting', forMs: 2_000 });
  await clock.advance(2_000);
  sockets[0]!.handlers.onMessage(trade('KRW-BTC'));
  sockets[0]!.handlers.onClose(1006, '');
  expect(connection.state).toMatchObject({ phase: 'waiting', forMs: 3_500 });
});

test('data over the stable time begins the backoff anew', async () => {
  const { connection, sockets, refusals, clock } = setUp({ stableAfterMs: 5_000 });
  refusals.push(new Error('refused'), new Error('refused'));
  connection.want(['KRW-BTC']);
  await clock.advance(3_000);
  sockets[0]!.handlers.onMessage(trade('KRW-BTC'));
  await clock.advance(5_000);
  sockets[0]!.handlers.onMessage(trade('KRW-BTC'));
  sockets[0]!.handlers.onClose(1006, '');
  expect(connection.state).toMatchObject({ phase: 'waiting', forMs: 1_000 });
});

test('pings while it is open, and a silent socket is dropped', async () => {
  const { connection, sockets, clock, log } = setUp();
  const { heartbeat } = exchanges.get('upbit');
  connection.want(['KRW-BTC']);
  await clock.advance(0);
  await clock.advance(heartbeat.idleTimeoutMs - 1);
  expect(sockets[0]!.pings).toBeGreaterThan(0);
  expect(sockets[0]!.closed).toBe(false);
  sockets[0]!.handlers.onLife();
  await clock.advance(1);
  expect(sockets[0]!.closed).toBe(false);
  await clock.advance(heartbeat.idleTimeoutMs);
  expect(sockets[0]!.closed).toBe(true);
  expect(log.trouble[0]).toContain('nothing received');
});

test('garbage is counted and changes nothing', async () => {
  const { connection, sockets, clock, log } = setUp();
  connection.want(['KRW-BTC']);
  await clock.advance(0);
  sockets[0]!.handlers.onMessage(Buffer.from('{"type":"trade"'));
  expect(log).toMatchObject({ failures: 1, records: 0, trouble: [] });
  expect(connection.state.phase).toBe('subscribing');
});

test('a closed connection stays closed, also when it was waiting, and leaves no timer', async () => {
  const { connection, sockets, clock } = setUp();
  connection.want(['KRW-BTC']);
  await clock.advance(0);
  sockets[0]!.handlers.onClose(1006, '');
  await Promise.all([connection.close(), connection.close()]);
  await clock.advance(60_000);
  expect(sockets).toHaveLength(1);
  expect(clock.pending).toBe(0);

  const open = setUp();
  open.connection.want(['KRW-BTC']);
  await open.clock.advance(0);
  await open.connection.close();
  expect(open.connection.state.phase).toBe('closed');
  expect(open.clock.pending).toBe(0);
});

test('what comes while the attempt is still being admitted is read, and a close then counts', async () => {
  let admitted = (): void => {};
  const { sockets, log, connection } = setUp({
    // As a breaker does that notes the success in Redis before it answers.
    admit: async (attempt) => {
      const result = await attempt();
      await new Promise<void>((resolve) => {
        admitted = resolve;
      });
      return result;
    },
  });
  connection.want(['KRW-BTC']);
  await expect.poll(() => sockets).toHaveLength(1);
  sockets[0]?.handlers.onMessage(trade('KRW-BTC'));
  sockets[0]?.handlers.onClose(1012, 'restarting');
  expect(log.records).toBe(0);
  admitted();
  await expect.poll(() => log.trouble).toEqual(['closed with 1012: restarting']);
  expect(log.records).toBe(1);
  await connection.close();
});

test('a socket whose session cannot be made is closed, not left behind', async () => {
  const upbit = exchanges.get('upbit');
  const { clock, sockets, log, connection } = setUp({
    adapter: {
      ...upbit,
      createSession: () => {
        throw new Error('no such depth');
      },
    },
  });
  connection.want(['KRW-BTC']);
  await clock.advance(0);
  expect(log.trouble).toEqual(['no such depth']);
  expect(sockets.map(({ closed }) => closed)).toEqual([true]);
});
