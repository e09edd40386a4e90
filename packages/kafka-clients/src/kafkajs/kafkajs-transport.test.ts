import { createEmbeddedKafka } from '@naru/embedded-kafka';
import { type BrokerForTests, brokerForTests } from '@naru/test-services';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { transportContract } from '../testing/transport-contract.js';
import { createKafkaTransport } from './create-kafka-transport.js';

describe('the kafkajs transport', () => {
  let broker: BrokerForTests;
  beforeAll(async () => {
    broker = await brokerForTests(createEmbeddedKafka);
  });
  afterAll(() => broker.close());

  for (const { title, run } of transportContract) {
    test(title, () => run(createKafkaTransport({ brokers: broker.bootstrap })), 60_000);
  }
});
