import { createManualClock } from '@naru/core/testing';
import { expect, test } from 'vitest';
import { createKafkaProducer } from '../../producer/create-kafka-producer.js';
import { createMemoryTransport } from '../../testing/memory/create-memory-transport.js';
import type { Breaker } from './breaker.js';
import { CircuitBreakerConsumer } from './circuit-breaker-consumer.js';
import { CircuitBreakerProducer } from './circuit-breaker-producer.js';

class Rejection extends Error {
  readonly isBrokenCircuitError = true;
  readonly retryAfterMs = 5_000;
}

/** Opens with the first failure; a test closes it. */
function createTestBreaker(): Breaker & { open: boolean } {
  const breaker = {
    open: false,
    async execute<T>(call: () => Promise<T>): Promise<T> {
      if (breaker.open) throw new Rejection('open');
      try {
        return await call();
      } catch (error) {
        breaker.open = true;
        throw error;
      }
    },
  };
  return breaker;
}

test('a producer behind an open breaker fails at once, with the breaker’s error', async () => {
  let sends = 0;
  const breaker = createTestBreaker();
  const producer = new CircuitBreakerProducer({
    breaker,
    producer: {
      sendAndWait: () => {
        sends += 1;
        return Promise.reject(new Error('broker gone'));
      },
    },
  });
  await expect(producer.sendAndWait({ topic: 't', value: 'a' })).rejects.toThrow('broker gone');
  await expect(producer.sendAndWait({ topic: 't', value: 'b' })).rejects.toBeInstanceOf(Rejection);
  expect(sends).toBe(1);
});

test('a consumer behind an open breaker lets its message wait and counts no failure for it', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  const producer = createKafkaProducer({ transport, lingerMs: 0 });
  await producer.connect();
  await producer.sendAndWait({ topic: 't', value: 'a' });
  const clock = createManualClock();
  const breaker = createTestBreaker();
  const dead: string[] = [];
  let calls = 0;
  const consumer = new CircuitBreakerConsumer({
    transport,
    groupId: 'g',
    topics: ['t'],
    fromBeginning: true,
    commitIntervalMs: 0,
    retries: 1,
    backoffMs: 100,
    clock,
    breaker,
    deadLetter: { publish: async (message) => void dead.push(message.offset) },
    handler: () => {
      calls += 1;
      if (calls === 1) throw new Error('database gone');
    },
  });
  await consumer.start();
  await clock.advance(60_000);
  expect([calls, dead, transport.committed('g', { topic: 't', partition: 0 })]).toEqual([1, [], '0']);
  breaker.open = false;
  await clock.advance(5_000);
  expect([calls, dead, transport.committed('g', { topic: 't', partition: 0 })]).toEqual([2, [], '1']);
  await consumer.close();
});

test('refuses a wait that is none', () => {
  const options = { transport: createMemoryTransport(), groupId: 'g', topics: ['t'], handler: () => {} };
  expect(
    () => new CircuitBreakerConsumer({ ...options, breaker: createTestBreaker(), openWaitMs: Number.NaN }),
  ).toThrow('openWaitMs is NaN');
});
