// One message that cannot be handled stops nobody: it is tried again, then goes to a dead letter topic with its own
// bytes and the reason in its headers, and the offset is committed only after that.
import { createEmbeddedKafka } from '@naru/embedded-kafka';
import {
  createDeadLetterTopic,
  createKafkaConsumer,
  createKafkaProducer,
  createKafkaTransport,
} from '@naru/kafka-clients';

await using broker = await createEmbeddedKafka({ topics: ['orders', 'orders.dlq'] });
const transport = createKafkaTransport({ brokers: broker.bootstrap });
await using producer = createKafkaProducer({ transport, lingerMs: 5 });
await producer.connect();

const handled: number[] = [];
let attempts = 0;
await using orders = createKafkaConsumer({
  transport,
  groupId: 'orders',
  topics: ['orders'],
  fromBeginning: true,
  retries: 2,
  backoffMs: 10,
  deadLetter: createDeadLetterTopic({ producer, topic: 'orders.dlq', origin: 'example' }),
  handler: async ({ value }) => {
    const text = value!.toString();
    if (!text.startsWith('{')) attempts += 1;
    handled.push(JSON.parse(text).id);
  },
});

for (const value of ['{"id":1}', 'not JSON', '{"id":2}']) {
  const { offset } = await producer.sendAndWait({ topic: 'orders', key: 'KRW-BTC', value });
  console.log(`${value} acknowledged at offset ${offset}`);
}
await orders.start();

const letters = createKafkaConsumer({ transport, groupId: 'clinic', topics: ['orders.dlq'], fromBeginning: true });
await letters.start();
for await (const { value, headers } of letters.messages()) {
  console.log(`dead letter: ${value}, after ${attempts} attempts`);
  console.log(
    `because ${headers['__connect.errors.exception.class.name']}, from offset ${headers['__connect.errors.offset']}`,
  );
  break;
}
await letters.close();
while (handled.length < 2) await new Promise((resolve) => setImmediate(resolve));
console.log('handled:', handled.join(', '));
