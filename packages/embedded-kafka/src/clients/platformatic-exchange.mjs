import {
  Admin,
  Consumer,
  MessagesStreamModes,
  Producer,
  stringDeserializers,
  stringSerializers,
} from '@platformatic/kafka';

const bootstrapBrokers = process.argv.slice(2);
const admin = new Admin({ clientId: 'admin', bootstrapBrokers });
const [topic] = await admin.createTopics({ topics: ['exchange'], partitions: 2, replicas: 1 });

const producer = new Producer({
  clientId: 'producer',
  bootstrapBrokers,
  serializers: stringSerializers,
  idempotent: true,
});
for (const values of [
  ['1', '2'],
  ['3', '4'],
]) {
  await producer.send({
    messages: values.map((value) => ({ topic: 'exchange', key: value, value })),
    compression: 'gzip',
  });
}

const consumer = new Consumer({
  groupId: 'group',
  clientId: 'consumer',
  bootstrapBrokers,
  deserializers: stringDeserializers,
});
const stream = await consumer.consume({ topics: ['exchange'], mode: MessagesStreamModes.EARLIEST, maxWaitTime: 200 });
const values = [];
for await (const message of stream) {
  values.push(message.value);
  await message.commit();
  if (values.length === 4) break;
}
process.stdout.write(JSON.stringify({ partitions: topic.partitions, values: values.toSorted() }));
await consumer.close(true);
await producer.close();
await admin.close();
