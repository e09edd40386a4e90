import type { Serializer } from '@naru/serializers';
import { expect, test } from 'vitest';
import { createKafkaProducer } from '../../producer/create-kafka-producer.js';
import { createMemoryTransport } from '../../testing/memory/create-memory-transport.js';
import { AsyncConsumerWrapper } from './async-consumer-wrapper.js';
import { AsyncProducerWrapper } from './async-producer-wrapper.js';
import { AvroProducerWrapper } from './avro-producer-wrapper.js';

async function producerOn(transport = createMemoryTransport({ partitions: 1 })) {
  const producer = createKafkaProducer({ transport, lingerMs: 0 });
  await producer.connect();
  return { transport, producer };
}

test('answers false when the message was not delivered, and rejects what cannot be serialized', async () => {
  const { producer } = await producerOn();
  const wrapper = new AsyncProducerWrapper({ producer, closesProducer: true });
  const circle: { self?: unknown } = {};
  circle.self = circle;
  await expect(wrapper.sendAndWait('t', circle)).rejects.toMatchObject({ code: 'invalid_value' });
  await wrapper.stop();
  expect(await wrapper.sendAndWait('t', { late: true })).toBe(false);
  await expect(wrapper.sendForReport('t', { late: true })).rejects.toMatchObject({ code: 'closed' });
});

test('messages do not overtake one another while their serializer fetches a schema', async () => {
  const { transport, producer } = await producerOn();
  let ready: (() => void) | undefined;
  const fetched = new Promise<void>((resolve) => {
    ready = resolve;
  });
  let known = false;
  const serializer: Serializer = {
    prepare: ({ topic }) => (topic === 'slow' && !known ? fetched : undefined),
    encode: (value) => Buffer.from(String(value)),
  };
  const wrapper = new AvroProducerWrapper({ producer, serializer });
  const order: string[] = [];
  const first = wrapper.sendForReport('slow', '1').then(() => order.push('slow 1'));
  known = true;
  const second = wrapper.sendForReport('slow', '2').then(() => order.push('slow 2'));
  ready?.();
  await Promise.all([first, second]);
  expect(transport.records('slow')[0]!.map(({ value }) => String(value))).toEqual(['1', '2']);
  expect(order).toEqual(['slow 1', 'slow 2']);
});

test('decodes values, and gives what cannot be decoded to the dead letters', async () => {
  const { transport, producer } = await producerOn();
  await producer.sendAndWait({ topic: 't', key: 'k', value: '{"a":1}' });
  await producer.sendAndWait({ topic: 't', value: '{broken' });
  const letters: string[] = [];
  const decoded = await new Promise((resolve, reject) => {
    const consumer = new AsyncConsumerWrapper<{ readonly a: number }>({
      transport,
      groupId: 'g',
      topics: ['t'],
      fromBeginning: true,
      deadLetter: {
        publish: async (message) => {
          letters.push(String(message.value));
          await producer.sendAndWait({ topic: 't', value: null });
        },
      },
      handler: ({ key, value }) => {
        if (value === null) consumer.stop().then(() => resolve(seen), reject);
        else seen.push({ key, value });
      },
    });
    const seen: unknown[] = [];
    consumer.start().catch(reject);
  });
  expect(decoded).toEqual([{ key: 'k', value: { a: 1 } }]);
  expect(letters).toEqual(['{broken']);
});
