import type { MarketRecord, TickerRecord, TradeRecord } from '@naru/core';
import { exchanges } from '@naru/exchanges';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createExchangeSimulator, type ExchangeSimulator } from './exchange-simulator.js';

let simulator: ExchangeSimulator;
afterEach(() => simulator.close());

/** Connects with the adapter of an exchange and collects records until there are `count`. */
async function collect(name: string, kind: 'ticker' | 'trade', codes: string[], count: number) {
  const session = exchanges.get(name).createSession(kind);
  const socket = new WebSocket(simulator.url(name));
  const records: MarketRecord[] = [];
  const confirmed: string[] = [];
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => {
      for (const { payload } of session.changeSymbols(codes)) socket.send(payload);
    });
    socket.on('message', (data: Buffer) => {
      const received = session.receive(data, 1);
      expect(received.failures).toEqual([]);
      records.push(...received.records);
      confirmed.push(...received.confirmed);
      if (records.length >= count) resolve();
    });
  });
  socket.terminate();
  return { records, confirmed, session };
}

describe('known sequences', () => {
  for (const [name, code] of [
    ['upbit', 'KRW-BTC'],
    ['binance', 'USDT-BTC'],
  ] as const) {
    it(`lets a test account for every trade of ${name}`, async () => {
      simulator = createExchangeSimulator({ rate: 50_000, seed: 7, messages: 500, startTimeMs: 1_790_000_000_000 });
      await simulator.start();
      const replayed = name === 'upbit' ? 1 : 0;
      const { records, confirmed } = await collect(name, 'trade', [code], 500 + replayed);
      expect(confirmed).toEqual([code]);
      const live = records.filter((record) => record.stream_type === 'REALTIME') as TradeRecord[];
      expect(live).toHaveLength(500);
      live.forEach((record, index) => {
        const expected = simulator.expectedTrade(name, code, index);
        expect(record).toMatchObject({
          code,
          sequential_id: expected.id,
          trade_price: expected.price,
          trade_volume: expected.size,
          ask_bid: expected.side,
          trade_timestamp: (1_790_000_000_000 + index) / 1000,
        });
      });
      expect(simulator.sent(name, 'trade', code)).toBe(500);
    });

    it(`lets a test account for every ticker of ${name}`, async () => {
      simulator = createExchangeSimulator({ rate: 50_000, seed: 7, messages: 100 });
      await simulator.start();
      const { records } = await collect(name, 'ticker', [code], 100);
      const live = records.filter((record) => record.stream_type === 'REALTIME') as TickerRecord[];
      live.forEach((record, index) => {
        expect(record).toMatchObject(simulator.expectedTicker(name, code, index));
      });
    });
  }
});

describe('createExchangeSimulator', () => {
  it('names the option that is wrong', () => {
    simulator = createExchangeSimulator();
    expect(() => createExchangeSimulator({ rate: -1 })).toThrow('rate is -1; give frames per second, 0 or more.');
  });

  it('closes twice and before it was started', async () => {
    simulator = createExchangeSimulator();
    await simulator.close();
    await simulator.start();
    await simulator.close();
    await simulator.close();
  });
});

describe('control over HTTP', () => {
  const ask = async (path: string, method = 'GET'): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`http://127.0.0.1:${simulator.port}${path}`, { method });
    return { status: response.status, body: await response.json() };
  };

  it('holds everything at rate 0, sends at the rate it is told, and says what it sent', async () => {
    simulator = createExchangeSimulator({ rate: 0, messages: 50 });
    await simulator.start();
    const collected = collect('binance', 'trade', ['USDT-BTC', 'USDT-ETH'], 100);
    expect((await ask('/simulator')).body).toMatchObject({ rate: 0, sent: 0 });
    expect((await ask('/simulator/rate?frames=20000', 'POST')).body).toMatchObject({ rate: 20_000 });
    await collected;
    expect((await ask('/simulator')).body).toMatchObject({ sent: 100, cpu_us: expect.any(Number) });
    expect((await ask('/simulator/streams')).body).toEqual(
      ['USDT-BTC', 'USDT-ETH'].map((code) => ({
        exchange: 'binance',
        kind: 'trade',
        code,
        sent: 50,
        replayed: 0,
        unheard: 0,
      })),
    );
  });

  it('lets something happen to the clients of an exchange, and sequences go on while nobody listens', async () => {
    simulator = createExchangeSimulator({ rate: 1_000, unattended: true });
    await simulator.start();
    const socket = new WebSocket(simulator.url('binance'));
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send('{"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":1}');
    await simulator.whenSent(10);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    expect((await ask('/simulator/happen?event=reset&exchange=binance', 'POST')).status).toBe(200);
    await closed;
    await simulator.whenSent(simulator.totalSent + 20);
    expect(simulator.sentByStream).toEqual([expect.objectContaining({ code: 'USDT-BTC', sent: simulator.totalSent })]);
    expect(simulator.sentByStream[0]?.unheard).toBeGreaterThan(10);
    expect((await ask('/simulator/trade?exchange=binance&code=USDT-BTC&index=3')).body).toEqual(
      simulator.expectedTrade('binance', 'USDT-BTC', 3),
    );
    expect((await ask('/simulator/trade?exchange=binance&code=btc&index=3')).status).toBe(400);
    expect((await ask('/simulator/happen?event=dance&exchange=binance', 'POST')).status).toBe(400);
    expect((await ask('/simulator/happen?event=reset&exchange=nasdaq', 'POST')).status).toBe(400);
  });

  it('refuses a rate that is none and a call it does not know', async () => {
    simulator = createExchangeSimulator({ rate: 0 });
    await simulator.start();
    for (const frames of ['-1', 'many', '', '1e9']) {
      expect((await ask(`/simulator/rate?frames=${frames}`, 'POST')).status).toBe(400);
    }
    expect((await ask('/simulator/nothing')).status).toBe(404);
    expect(simulator.rate).toBe(0);
  });
});
