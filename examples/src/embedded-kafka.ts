// A test of your own client against faults that a real broker makes rarely: the leader moves while messages are sent and
// an acknowledgement is lost. Nothing is lost and nothing is there twice.
import { createEmbeddedKafka, ErrorCode } from '@naru/embedded-kafka';
import { createKafkaProducer, createKafkaTransport } from '@naru/kafka-clients';

await using broker = await createEmbeddedKafka({ nodes: 2, topics: [{ name: 'ticks', partitions: 1 }] });
const transport = createKafkaTransport({ brokers: broker.bootstrap });
await using producer = createKafkaProducer({ transport, lingerMs: 0, retryBackoffMs: 20 });
await producer.connect();

broker.faults.on('Produce', { action: 'disconnect', processed: true }, { times: 1 });
broker.faults.on('Produce', { action: 'error', errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER }, { times: 1 });

const offsets: string[] = [];
for (let id = 0; id < 5; id += 1) {
  if (id === 3) broker.moveLeader('ticks', 0, 2);
  const { offset } = await producer.sendAndWait({ topic: 'ticks', key: 'KRW-BTC', value: String(id) });
  offsets.push(String(offset));
}
console.log('offsets:', offsets.join(', '));
console.log(`${broker.counters.recordsIn} records arrived, one of them for the second time`);
