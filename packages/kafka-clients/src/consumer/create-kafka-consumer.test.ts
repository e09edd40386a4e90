import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createManualClock } from '@naru/core/testing';
import { expect, test, vi } from 'vitest';
import { createKafkaProducer } from '../producer/create-kafka-producer.js';
import { createMemoryTransport, type MemoryTransport } from '../testing/memory/create-memory-transport.js';
import { createKafkaConsumer } from './create-kafka-consumer.js';
import { createDeadLetterTopic } from './dead-letter.js';
import { Abandoned } from './handling.js';
import type { KafkaConsumerOptions } from './kafka-consumer.js';

async function write(transport: MemoryTransport, topic: string, values: readonly string[]): Promise<void> {
  const producer = createKafkaProducer({ transport, lingerMs: 0 });
  await producer.connect();
  await Promise.all(
    values.map((value) =>
      producer.sendAndWait({ topic, value, partition: 0, headers: { 'correlation-id': `c-${value}` } }),
    ),
  );
  await producer.close();
}

function consume(transport: MemoryTransport, options: Partial<KafkaConsumerOptions>) {
  const clock = createManualClock();
  const consumer = createKafkaConsumer({
    transport,
    groupId: 'g',
    topics: ['t'],
    fromBeginning: true,
    commitIntervalMs: 0,
    backoffMs: 100,
    clock,
    ...options,
  });
  return { clock, consumer };
}

const committed = (transport: MemoryTransport): string | undefined =>
  transport.committed('g', { topic: 't', partition: 0 });

test('handles messages in order and commits after them', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  await write(transport, 't', ['a', 'b', 'c']);
  const handled: string[] = [];
  const { clock, consumer } = consume(transport, {
    handler: async (message) => {
      handled.push(String(message.value));
    },
  });
  await consumer.start();
  await clock.advance(0);
  expect(handled).toEqual(['a', 'b', 'c']);
  expect(committed(transport)).toBe('3');
  expect(consumer.state).toEqual({ status: 'consuming', partitions: [{ topic: 't', partition: 0 }] });
  await consumer.close();
  expect(consumer.state.status).toBe('closed');
});

test('does not commit past a message that is still in its handler', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  await write(transport, 't', ['slow', 'fast', 'fast']);
  let finish: (() => void) | undefined;
  const { clock, consumer } = consume(transport, {
    concurrency: 3,
    handler: (message) =>
      String(message.value) === 'slow'
        ? new Promise<void>((resolve) => {
            finish = resolve;
          })
        : undefined,
  });
  await consumer.start();
  await clock.advance(1_000);
  expect(committed(transport)).toBe('0');
  finish?.();
  await clock.advance(0);
  expect(committed(transport)).toBe('3');
  await consumer.close();
});

test.each([new TypeError('t'), new RangeError('r'), new SyntaxError('s'), 'a string', null])(
  'survives a handler that throws %s: tries again, then writes the dead letter before the commit',
  async (thrown) => {
    const transport = createMemoryTransport({ partitions: 1 });
    await write(transport, 't', ['a', 'bad', 'c']);
    const producer = createKafkaProducer({ transport, lingerMs: 0 });
    await producer.connect();
    let refuse: ((error: Error) => void) | undefined;
    const publish = vi.spyOn(producer, 'sendAndWait').mockImplementationOnce(
      () =>
        new Promise((_, reject) => {
          refuse = reject;
        }),
    );
    const handled: string[] = [];
    const { clock, consumer } = consume(transport, {
      retries: 2,
      deadLetter: createDeadLetterTopic({ producer, topic: 'dlq' }),
      handler: (message) => {
        handled.push(String(message.value));
        if (String(message.value) === 'bad') throw thrown;
      },
    });
    await consumer.start();
    await clock.advance(350);
    expect(handled).toEqual(['a', 'bad', 'bad', 'bad']);
    expect(committed(transport)).toBe('1');
    refuse?.(new Error('busy'));
    await clock.advance(10_000);
    expect(handled).toEqual(['a', 'bad', 'bad', 'bad', 'c']);
    expect(publish).toHaveBeenCalledTimes(2);
    expect(committed(transport)).toBe('3');
    const [letter] = transport.records('dlq')[0]!;
    expect(String(letter!.value)).toBe('bad');
    expect(
      Object.fromEntries(Object.entries(letter!.headers).map(([name, value]) => [name, String(value)])),
    ).toMatchObject({
      'correlation-id': 'c-bad',
      '__connect.errors.topic': 't',
      '__connect.errors.partition': '0',
      '__connect.errors.offset': '1',
      attempt: '3',
    });
    await consumer.close();
  },
);

test('a handler may let a message go undecided: nothing is committed past it, and the next member has it again', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  await write(transport, 't', ['a', 'undecided', 'c']);
  const deadLetter = { publish: vi.fn(async () => {}) };
  let tries = 0;
  const { clock, consumer } = consume(transport, {
    concurrency: 3,
    deadLetter,
    handler: async ({ value }) => {
      if (String(value) !== 'undecided') return;
      tries += 1;
      throw tries === 1 ? new Error('passing') : new Abandoned();
    },
  });
  await consumer.start();
  await clock.advance(60_000);
  expect([tries, committed(transport)]).toEqual([2, '1']);
  await consumer.close();
  expect(committed(transport)).toBe('1');
  const again: string[] = [];
  const next = consume(transport, { handler: async ({ value }) => void again.push(String(value)) });
  await next.consumer.start();
  await next.clock.advance(0);
  expect(again).toEqual(['undecided', 'c']);
  expect(deadLetter.publish).not.toHaveBeenCalled();
  await next.consumer.close();
});

test('without a dead letter a message is tried for ever and nothing passes it', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  await write(transport, 't', ['bad', 'next']);
  let mended = false;
  const handled: string[] = [];
  const { clock, consumer } = consume(transport, {
    retries: 0,
    handler: (message) => {
      if (!mended) throw new Error('not yet');
      handled.push(String(message.value));
    },
  });
  await consumer.start();
  await clock.advance(120_000);
  expect(committed(transport)).toBe('0');
  mended = true;
  await clock.advance(10_000);
  expect(handled).toEqual(['bad', 'next']);
  await consumer.close();
});

test('lets the handlers finish and commits before it leaves', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  await write(transport, 't', ['a', 'b']);
  let finish: (() => void) | undefined;
  const { clock, consumer } = consume(transport, {
    commitIntervalMs: 60_000,
    handler: () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  });
  await consumer.start();
  await clock.advance(0);
  const closing = consumer.close();
  await clock.advance(0);
  expect(consumer.state.status).toBe('closing');
  finish?.();
  await closing;
  expect(committed(transport)).toBe('1');
});

test('hands its partitions over only after the messages in hand are done', async () => {
  const transport = createMemoryTransport({ partitions: 2 });
  await write(transport, 't', ['a', 'b', 'c']);
  const handled: string[] = [];
  let finish: (() => void) | undefined;
  const first = consume(transport, {
    handler: (message) => {
      handled.push(`first ${message.value}`);
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    },
  });
  await first.consumer.start();
  await first.clock.advance(0);
  const second = consume(transport, {
    handler: (message) => {
      handled.push(`second ${message.value}`);
    },
  });
  const joining = second.consumer.start();
  await first.clock.advance(0);
  expect(first.consumer.state.status).toBe('revoking');
  finish?.();
  await joining;
  expect(committed(transport)).toBe('1');
  await first.clock.advance(0);
  expect(handled).toEqual(['first a', 'first b']);
  finish?.();
  await first.clock.advance(0);
  finish?.();
  await Promise.all([first.consumer.close(), second.consumer.close()]);
});

test('a message whose partition was lost is handled again and not committed by the one who lost it', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  await write(transport, 't', ['a']);
  const signals: AbortSignal[] = [];
  const { clock, consumer } = consume(transport, {
    handler: (_, { signal }) => {
      signals.push(signal);
      return signals.length === 1 ? new Promise(() => {}) : undefined;
    },
  });
  await consumer.start();
  await clock.advance(0);
  await transport.expelMembers('g');
  await clock.advance(0);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  expect(committed(transport)).toBe('1');
  await consumer.close();
});

test('a handler that never ends loses its partition, which is then consumed anew', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  await write(transport, 't', ['a']);
  let calls = 0;
  const states: string[] = [];
  const { clock, consumer } = consume(transport, {
    maxProcessingMs: 5_000,
    onEvent: (event) => event.type === 'state_changed' && states.push(event.state.status),
    handler: () => {
      calls += 1;
      return calls === 1 ? new Promise(() => {}) : undefined;
    },
  });
  await consumer.start();
  await clock.advance(20_000);
  expect(states).toEqual(['joining', 'consuming', 'restarting', 'joining', 'consuming']);
  expect(committed(transport)).toBe('1');
  await consumer.close();
});

test('stops consuming when too many messages fail', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  await write(
    transport,
    't',
    Array.from({ length: 50 }, (_, index) => String(index)),
  );
  const dead: string[] = [];
  const { clock, consumer } = consume(transport, {
    retries: 0,
    killSwitch: { minMessages: 10, failureRatio: 0.5 },
    deadLetter: { publish: async (message) => void dead.push(message.offset) },
    handler: () => {
      throw new Error('the database is gone');
    },
  });
  await consumer.start();
  await clock.advance(10_000);
  expect(consumer.state).toMatchObject({ status: 'halted', error: { code: 'kill_switch' } });
  expect(dead.length).toBeLessThanOrEqual(11);
  expect(Number(committed(transport))).toBe(dead.length);
  await consumer.close();
});

test('pauses fetching while too many messages wait, and takes all of them in the end', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  await write(
    transport,
    't',
    Array.from({ length: 2_000 }, (_, index) => String(index)),
  );
  const handled: string[] = [];
  const { clock, consumer } = consume(transport, {
    maxQueuedPerPartition: 100,
    handler: (message) => void handled.push(String(message.value)),
  });
  await consumer.start();
  await clock.advance(0);
  expect(handled).toEqual(Array.from({ length: 2_000 }, (_, index) => String(index)));
  await consumer.close();
});

test('gives messages one by one to a loop, and counts one as done when the next is asked for', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  await write(transport, 't', ['a', 'b', 'c']);
  const { clock, consumer } = consume(transport, {});
  expect(() => consumer.messages()).toThrow(expect.objectContaining({ code: 'not_started' }));
  await consumer.start();
  const read: string[] = [];
  for await (const message of consumer.messages()) {
    read.push(String(message.value));
    if (read.length === 2) break;
  }
  await clock.advance(0);
  expect(read).toEqual(['a', 'b']);
  expect(committed(transport)).toBe('1');
  const again = await consumer.messages().next();
  expect(String(again.value?.value)).toBe('b');
  const [closing, end] = [consumer.close(), consumer.messages().next()];
  await closing;
  expect(committed(transport)).toBe('2');
  expect((await end).done).toBe(true);
});

test('tells the channels of node:diagnostics_channel what happens', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  const seen: string[] = [];
  const note = (event: unknown, name: string | symbol): void => {
    const { type, outcome } = event as { readonly type?: string; readonly outcome?: string };
    seen.push(`${String(name)} ${type ?? outcome ?? ''}`.trim());
  };
  const names = ['naru:kafka:send', 'naru:kafka:producer', 'naru:kafka:consumer', 'naru:kafka:handled'];
  for (const name of names) subscribe(name, note);
  try {
    await write(transport, 't', ['a']);
    const { clock, consumer } = consume(transport, { handler: () => {} });
    await consumer.start();
    await clock.advance(0);
    await consumer.close();
  } finally {
    for (const name of names) unsubscribe(name, note);
  }
  expect(seen).toEqual([
    'naru:kafka:send',
    'naru:kafka:producer batch_delivered',
    'naru:kafka:consumer state_changed',
    'naru:kafka:consumer state_changed',
    'naru:kafka:handled handled',
    'naru:kafka:consumer state_changed',
    'naru:kafka:consumer state_changed',
  ]);
});

test.each([
  [{ groupId: '' }, 'groupId is ""'],
  [{ topics: [] }, 'topics is'],
  [{ heartbeatIntervalMs: 30_000 }, 'heartbeatIntervalMs is 30000'],
  [{ concurrency: 0 }, 'concurrency is 0'],
  [{ killSwitch: { failureRatio: 2 } }, 'killSwitch.failureRatio is 2'],
])('names the option that is wrong: %#', (options, message) => {
  expect(() => consume(createMemoryTransport(), options)).toThrow(message);
});

test('a listener to events that throws harms nobody', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  await write(transport, 't', ['a', 'b']);
  const handled: string[] = [];
  const { clock, consumer } = consume(transport, {
    retries: 0,
    deadLetter: { publish: async () => {} },
    onEvent: () => {
      throw new Error('listener');
    },
    handler: async ({ value }) => {
      handled.push(String(value));
      throw new Error('handler');
    },
  });
  await consumer.start();
  await clock.advance(1_000);
  expect(handled).toEqual(['a', 'b']);
  expect(committed(transport)).toBe('2');
  await consumer.close();
  expect(consumer.state.status).toBe('closed');
});

test('closing a halted consumer waits until it has left its group', async () => {
  const memory = createMemoryTransport({ partitions: 1 });
  await write(memory, 't', ['a']);
  let leave = (): void => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const transport: MemoryTransport = {
    ...memory,
    createConsumer(options) {
      const member = memory.createConsumer(options);
      const close = member.close.bind(member);
      member.close = async () => {
        await left;
        await close();
      };
      return member;
    },
  };
  const { clock, consumer } = consume(transport, {
    retries: 0,
    killSwitch: { minMessages: 1 },
    deadLetter: { publish: async () => {} },
    handler: () => {
      throw new Error('no');
    },
  });
  await consumer.start();
  await clock.advance(0);
  expect(consumer.state.status).toBe('halted');
  let closed = false;
  const closing = consumer.close().then(() => {
    closed = true;
  });
  await clock.advance(0);
  expect(closed).toBe(false);
  leave();
  await closing;
  expect(consumer.state.status).toBe('closed');
});
