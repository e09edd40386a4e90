import { createManualClock } from '@naru/core/testing';
import { describeReal, redisDatabase } from '@naru/test-services';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createRedisConnectionManager } from '../connections/redis-connection-manager.js';
import { messageBusContract } from '../testing/message-bus-contract.js';
import { createMemberRequests, type MemberRequestsOptions } from './member-requests.js';
import { createMemoryMessageBus, type MessageBus } from './message-bus.js';

const clock = createManualClock();

async function join(bus: MessageBus, member: string, more: Partial<MemberRequestsOptions> = {}) {
  const requests = createMemberRequests({
    bus,
    member,
    clock,
    answer: async (question, from) => ({ question, from, by: member }),
    ...more,
  });
  await requests.start();
  onTestFinished(() => requests.close());
  return requests;
}

describe('a message bus in memory', () => {
  for (const { title, check } of messageBusContract) {
    test(title, () =>
      check({ bus: createMemoryMessageBus(), settle: () => new Promise((resolve) => setImmediate(resolve)) }),
    );
  }
});

describeReal('with Redis', ['redis'], () => {
  async function connect() {
    const manager = createRedisConnectionManager({ url: redisDatabase(10) });
    await manager.initialize();
    onTestFinished(() => manager.close());
    return manager;
  }

  for (const { title, check } of messageBusContract) {
    test(`the manager ${title}`, async () => {
      const bus = await connect();
      await check({ bus, settle: (heard) => expect.poll(heard).toBe(true) });
    });
  }

  test('members in two processes ask each other', async () => {
    const a = await join(await connect(), 'redis-a');
    await join(await connect(), 'redis-b');
    expect(await a.ask('redis-b', { n: 1 })).toEqual({ question: { n: 1 }, from: 'redis-a', by: 'redis-b' });
    await expect(a.ask('redis-nobody', 1)).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  });
});

test('each question has the answer of whom it was asked', async () => {
  const bus = createMemoryMessageBus();
  const [a, b] = [await join(bus, 'a'), await join(bus, 'b')];
  const answers = await Promise.all([a.ask('b', 1), a.ask('b', 2), b.ask('a', 3), a.ask('a', 4)]);
  expect(answers).toEqual([
    { question: 1, from: 'a', by: 'b' },
    { question: 2, from: 'a', by: 'b' },
    { question: 3, from: 'b', by: 'a' },
    { question: 4, from: 'a', by: 'a' },
  ]);
  expect(clock.pending).toBe(0);
});

test('a member that is not there is told at once', async () => {
  const a = await join(createMemoryMessageBus(), 'a');
  await expect(a.ask('b', 1)).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('b') });
  expect(clock.pending).toBe(0);
});

test('an answer that does not come is a timeout, and one that comes late is nobody’s', async () => {
  const bus = createMemoryMessageBus();
  let finish = (_: unknown): void => {};
  const answer = () => new Promise((resolve) => (finish = resolve));
  const a = await join(bus, 'a', { timeoutMs: 700 });
  await join(bus, 'b', { answer });
  const asked = expect(a.ask('b', 1)).rejects.toMatchObject({ code: 'timeout', retryable: true });
  await clock.advance(700);
  await asked;
  finish('late');
  await clock.advance(0);
  const again = a.ask('b', 2);
  await clock.advance(0);
  finish('in time');
  expect(await again).toBe('in time');
});

test('what the other one throws comes back as its message', async () => {
  const bus = createMemoryMessageBus();
  const answer = () => Promise.reject(new Error('no such stream'));
  await join(bus, 'b', { answer });
  await expect((await join(bus, 'a')).ask('b', 1)).rejects.toMatchObject({
    code: 'request_failed',
    message: 'b could not answer: no such stream',
  });
});

test('no more than so many questions are open at once, on either side', async () => {
  const bus = createMemoryMessageBus();
  const finish: (() => void)[] = [];
  const answer = () => new Promise<string>((resolve) => finish.push(() => resolve('done')));
  await join(bus, 'b', { answer, maxOpen: 2 });
  const a = await join(bus, 'a', { maxOpen: 3 });
  const first = [a.ask('b', 1), a.ask('b', 2)];
  await expect(a.ask('b', 3)).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('b is') });
  const third = a.ask('b', 3);
  await expect(a.ask('b', 4)).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('3 ') });
  await expect(third).rejects.toMatchObject({ code: 'unavailable' });
  for (const done of finish) done();
  expect(await Promise.all(first)).toEqual(['done', 'done']);
});

test('strange messages are nobody’s business', async () => {
  const bus = createMemoryMessageBus();
  const a = await join(bus, 'a');
  for (const text of ['', '{', '[]', 'null', '{"kind":"ask","id":1}', '{"kind":"ask","id":"1","from":"a b"}']) {
    await bus.publish('ws:member:a', text);
  }
  await bus.publish('ws:member:a', JSON.stringify({ kind: 'reply', id: 'x', outcome: 'answered' }));
  await bus.publish('ws:member:a', JSON.stringify({ kind: 'ask', id: 'x', from: 'a', body: 'x'.repeat(3_000_000) }));
  expect(await a.ask('a', 1)).toMatchObject({ question: 1 });
});

test('closing rejects what is open and hears nothing more', async () => {
  const bus = createMemoryMessageBus();
  const a = await join(bus, 'a');
  const b = await join(bus, 'b', { answer: () => new Promise(() => {}) });
  const open = expect(a.ask('b', 1)).rejects.toMatchObject({ code: 'not_ready' });
  await clock.advance(0);
  await a.close();
  await open;
  await expect(a.ask('b', 1)).rejects.toMatchObject({ code: 'not_ready' });
  await expect(b.ask('a', 1)).rejects.toMatchObject({ code: 'unavailable' });
});

test('a bus that is away is told as it tells it', async () => {
  const away = new Error('away');
  const a = await join({ ...createMemoryMessageBus(), publish: () => Promise.reject(away) }, 'a');
  await expect(a.ask('b', 1)).rejects.toBe(away);
  expect(clock.pending).toBe(0);
});

test('refuses a name that cannot stand in a channel', () => {
  expect(() => createMemberRequests({ bus: createMemoryMessageBus(), member: 'a b', answer: async () => 1 })).toThrow(
    'member',
  );
});

test('closed while it starts, it hears nothing', async () => {
  const bus = createMemoryMessageBus();
  let go = (): void => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  const slow: MessageBus = {
    ...bus,
    async subscribe(channel, listener) {
      await gate;
      return await bus.subscribe(channel, listener);
    },
  };
  const requests = createMemberRequests({ bus: slow, member: 'late', clock, answer: async () => 'heard' });
  const starting = requests.start();
  await requests.close();
  go();
  await starting;
  expect(await bus.publish('ws:member:late', '{}')).toBe(0);
});
