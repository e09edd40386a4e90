import { createEmbeddedKafka } from '@naru/embedded-kafka';
import { expect, test } from 'vitest';
import { createKafkaAdmin } from '../admin/create-kafka-admin.js';
import { createBareProducer } from './bare-producer.js';
import { createKafkaTransport } from './create-kafka-transport.js';

test('a send has ended when its message is in the topic', async () => {
  await using broker = await createEmbeddedKafka({ topics: ['floor'] });
  await using admin = createKafkaAdmin({ transport: createKafkaTransport({ brokers: broker.bootstrap }) });
  const producer = await createBareProducer({ brokers: broker.bootstrap });
  await producer.send('floor', 'key', Buffer.from('one'));
  await producer.send('floor', 'key', Buffer.from('two'));
  expect(await admin.describeLag('nobody', ['floor'])).toMatchObject([{ end: '2' }]);
  await expect(producer.send('absent', 'key', Buffer.from('x'))).rejects.toMatchObject({ code: 'unknown_topic' });
  await producer.close();
});

test('a broker that is not there is named as the failure', async () => {
  await expect(createBareProducer({ brokers: ['127.0.0.1:1'] })).rejects.toMatchObject({ code: 'connection_failed' });
});
