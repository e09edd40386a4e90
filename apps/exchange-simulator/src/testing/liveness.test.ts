import { createManualClock, type ManualClock } from '@naru/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Transport } from '../simulated-socket.js';
import { playedExchange, World } from '../world.js';

let clock: ManualClock;
let world: World;
beforeEach(() => {
  clock = createManualClock(1_790_000_000_000);
  world = new World({ seed: 1, messages: 1, clock });
});

function connect(exchange: string) {
  const events: string[] = [];
  const transport: Transport = {
    send: (text) => events.push(text),
    sendBytes: (bytes) => events.push(`${bytes.length} bytes`),
    ping: () => events.push('ping'),
    close: (code) => events.push(`close ${code}`),
    terminate: () => events.push('cut'),
    reset: () => events.push('reset'),
    bufferedBytes: 0,
  };
  return { socket: world.connect(playedExchange(exchange), transport), events };
}

async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await clock.advance(1_000);
    world.checkLiveness();
  }
}

describe('cut-offs', () => {
  it('cut an Upbit socket after a minute without a sign of life', async () => {
    const { socket, events } = connect('upbit');
    await pass(59);
    expect(events).toEqual([]);
    socket!.heardControlFrame();
    await pass(59);
    expect(events).toEqual([]);
    await pass(1);
    expect(events).toEqual(['cut']);
  });

  it('cut an OKX socket after thirty seconds without traffic', async () => {
    const { socket, events } = connect('okx');
    await pass(20);
    socket!.receive('ping');
    await pass(29);
    expect(events).toEqual(['pong']);
    await pass(1);
    expect(events).toEqual(['pong', 'cut']);
  });

  it('cut a Coinbase socket that has not subscribed in five seconds', async () => {
    const { events } = connect('coinbase');
    await pass(5);
    expect(events).toEqual(['cut']);
  });

  it('end an HTX connection that leaves two pings unanswered', async () => {
    const { socket, events } = connect('htx');
    await pass(5);
    expect(events).toHaveLength(1);
    socket!.receive('{"pong":1}');
    await pass(15);
    expect(events.filter((event) => event.startsWith('{"ping"'))).toHaveLength(3);
    expect(events.at(-1)).toBe('close 1003');
  });

  it('ping a Binance client every twenty seconds and cut one that does not answer', async () => {
    const { events } = connect('binance');
    await pass(60);
    expect(events).toEqual(['ping', 'ping', 'cut']);
  });
});

describe('limits', () => {
  it('close a Binance socket that sends more than five messages a second', () => {
    const { socket, events } = connect('binance');
    for (let i = 0; i < 6; i += 1) socket!.receive(`{"method":"SUBSCRIBE","params":[],"id":${i}}`);
    expect(events.at(-1)).toBe('close 1008');
  });

  it('close the twenty-first connection to Coinone', () => {
    const clients = Array.from({ length: 21 }, () => connect('coinone'));
    expect(clients[19]!.socket).toBeDefined();
    expect(clients[20]).toMatchObject({ socket: undefined, events: ['close 4290'] });
  });

  it('end an Upbit connection after a wrong request', () => {
    const { socket, events } = connect('upbit');
    socket!.receive('[{"type":"ticker","codes":["KRW-BTC"]}]');
    expect(events).toEqual([expect.stringContaining('"NO_TICKET"'), 'close 1000']);
  });
});

describe('events', () => {
  it('happen to every client of an exchange when asked for', () => {
    const { events } = connect('okx');
    const other = connect('kraken');
    const before = other.events.length;
    for (const event of ['maintenance', 'bomb', 'close', 'drop', 'reset'] as const)
      world.happen(event, playedExchange('okx'));
    expect(events).toEqual([
      expect.stringContaining('64008'),
      expect.stringMatching(/^\d+ bytes$/),
      'close 1001',
      'cut',
      'reset',
    ]);
    expect(other.events).toHaveLength(before);
  });

  it('stall an exchange and let it go on', () => {
    const { socket } = connect('upbit');
    socket!.receive('[{"ticket":"t"},{"type":"trade","codes":["KRW-BTC"]}]');
    world.happen('stall', playedExchange('upbit'));
    expect(world.advance()).toBe(false);
    world.happen('resume', playedExchange('upbit'));
    expect(world.advance()).toBe(true);
  });
});

describe('faults by probability', () => {
  const subscribe = '{"op":"subscribe","args":[{"channel":"trades","instId":"BTC-USDT"}]}';

  it.each([
    ['drop', 'cut'],
    ['reset', 'reset'],
    ['bomb', expect.stringMatching(/^\d+ bytes$/)],
    ['maintenance', expect.stringContaining('64008')],
  ] as const)('let %s follow a frame', (fault, event) => {
    world = new World({ seed: 1, messages: 9, clock, faults: { [fault]: 1 } });
    const { socket, events } = connect('okx');
    socket!.receive(subscribe);
    expect(world.advance()).toBe(true);
    expect(events.slice(-2)).toEqual([expect.stringContaining('"tradeId"'), event]);
    expect(world.faults.counts[fault]).toBe(1);
  });

  it('silence a market for ten seconds', async () => {
    world = new World({ seed: 1, messages: 9, clock, faults: { stall: 1 } });
    connect('okx').socket!.receive(subscribe);
    expect(world.advance()).toBe(true);
    await pass(9);
    expect(world.advance()).toBe(false);
    await pass(1);
    expect(world.advance()).toBe(true);
  });
});
