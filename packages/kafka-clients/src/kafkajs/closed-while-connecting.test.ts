import type { Socket } from 'node:net';
import { createEmbeddedKafka, type EmbeddedKafka } from '@naru/embedded-kafka';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKafkaConsumer } from '../consumer/create-kafka-consumer.js';
import { createKafkaProducer } from '../producer/create-kafka-producer.js';
import type { KafkaTransport } from '../transport/kafka-transport.js';
import { createKafkaTransport } from './create-kafka-transport.js';
import { connectSocket } from './sockets.js';

let kafka: EmbeddedKafka;
beforeAll(async () => {
  kafka = await createEmbeddedKafka({ topics: ['t'] });
});
afterAll(() => kafka.close());

/** A transport whose sockets are counted, and that calls back when the first of them is connected. */
function watchSockets(onFirst: () => void = () => {}): { transport: KafkaTransport; open: () => number } {
  const sockets: Socket[] = [];
  const transport = createKafkaTransport({
    brokers: kafka.bootstrap,
    connect: (request) => {
      const socket = connectSocket(request);
      if (sockets.length === 0) socket.once('connect', onFirst);
      sockets.push(socket);
      return socket;
    },
  });
  return { transport, open: () => sockets.filter(({ destroyed }) => !destroyed).length };
}

const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'connected',
    (error: { readonly code?: unknown }) => error.code,
  );

describe('closed at once', () => {
  test('a producer that connects keeps no connection', async () => {
    const { transport, open } = watchSockets();
    const producer = createKafkaProducer({ transport });
    const connecting = refusal(producer.connect());
    await producer.close();
    expect(await connecting).toBe('closed');
    expect(open()).toBe(0);
  });

  test('a consumer that starts keeps no connection', async () => {
    const { transport, open } = watchSockets();
    const consumer = createKafkaConsumer({ transport, groupId: 'at-once', topics: ['t'], handler: () => {} });
    const starting = refusal(consumer.start());
    await consumer.close();
    expect(await starting).toBe('closed');
    expect(open()).toBe(0);
  });
});

describe('closed while the first socket opens', () => {
  test('a producer keeps no connection', async () => {
    const { transport, open } = watchSockets(() => void producer.close());
    const producer = createKafkaProducer({ transport });
    expect(await refusal(producer.connect())).toBe('closed');
    await producer.close();
    expect(open()).toBe(0);
  });

  test('a consumer keeps no connection', async () => {
    const { transport, open } = watchSockets(() => void consumer.close());
    const consumer = createKafkaConsumer({ transport, groupId: 'first', topics: ['t'], handler: () => {} });
    expect(await refusal(consumer.start())).toBe('closed');
    await consumer.close();
    expect(open()).toBe(0);
  });
});
