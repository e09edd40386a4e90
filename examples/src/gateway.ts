// The whole of it in one process: simulated exchanges, the gateway with everything embedded, a command through Kafka,
// and the trades read back as any consumer would. With `kafka.brokers` and the rest configured it uses real servers.
import { createExchangeSimulator } from '@naru/exchange-simulator';
import { createGateway } from '@naru/gateway';
import { createKafkaConsumer, createKafkaProducer, createKafkaTransport } from '@naru/kafka-clients';
import { createSchemaRegistryClient, createSchemaSource } from '@naru/schema-registry';
import { createAvroDeserializer } from '@naru/serializers';
import type { TradeBatch } from '@naru/serializers/records';

await using simulator = createExchangeSimulator({ rate: 500, seed: 7 });
await simulator.start();
const simulated = new URL(simulator.url('upbit'));
await using gateway = await createGateway({
  config: {
    operations: { host: '127.0.0.1', port: 0 },
    connections: {
      allowedHosts: [simulated.host],
      allowPrivateAddresses: true,
      maxPayloadBytes: 1_048_576,
      handshakeTimeoutMs: 10_000,
    },
    logLevel: 'silent',
  },
});

const transport = createKafkaTransport({ brokers: gateway.kafka });
await using producer = createKafkaProducer({ transport, lingerMs: 0 });
await producer.connect();
await producer.sendAndWait({
  topic: 'ws.command',
  key: 'upbit|korea|trade',
  value: JSON.stringify({
    type: 'status',
    action: 'connect_and_subscribe',
    target: { exchange: 'upbit', region: 'korea', request_type: 'trade' },
    symbols: ['KRW-BTC'],
    connection: { url: simulated.href, socket_params: {} },
  }),
});

await using registry = createSchemaRegistryClient({ urls: gateway.registry });
const reader = createAvroDeserializer<TradeBatch>({ source: createSchemaSource(registry) });
const topic = 'realtime.trade.korea';
const consumer = createKafkaConsumer({ transport, groupId: 'example', topics: [topic], fromBeginning: true });
await consumer.start();
let trades = 0;
for await (const { key, value } of consumer.messages()) {
  await reader.prepare(value!, { topic });
  const { exchange, data } = reader.decode(value!, { topic })!;
  if (trades === 0) console.log(`${exchange} ${key}, the first trade costs ${data[0]!.trade_price}`);
  trades += data.length;
  if (trades >= 100) break;
}
await consumer.close();
console.log('at least a hundred trades came through Kafka');
