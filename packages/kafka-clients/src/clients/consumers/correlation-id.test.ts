import { createManualClock } from '@naru/core/testing';
import { expect, test } from 'vitest';
import { createKafkaProducer } from '../../producer/create-kafka-producer.js';
import { createMemoryTransport } from '../../testing/memory/create-memory-transport.js';
import type { RecordHeaders } from '../../transport/transport-producer.js';
import { KafkaDisconnectionConsumerClient } from './kafka-disconnection-consumer-client.js';

const target = { exchange: 'upbit', region: 'korea', request_type: 'ticker' } as const;

/** The correlation id under which a command is carried out. */
async function carriedOutUnder(fields: object, headers: RecordHeaders): Promise<string | undefined> {
  const transport = createMemoryTransport({ partitions: 1 });
  const producer = createKafkaProducer({ transport, lingerMs: 0 });
  await producer.connect();
  const value = JSON.stringify({ type: 'status', action: 'disconnect', target, ...fields });
  await producer.sendAndWait({ topic: 'ws.disconnection', value, headers });
  const ids: (string | undefined)[] = [];
  const clock = createManualClock();
  const consumer = new KafkaDisconnectionConsumerClient({
    transport,
    clock,
    fromBeginning: true,
    deadLetter: producer,
    orchestrator: { disconnectFromContext: async (_, { correlationId }) => void ids.push(correlationId) },
  });
  await consumer.start();
  await clock.advance(0);
  await consumer.close();
  expect(ids).toHaveLength(1);
  return ids[0];
}

test.each([
  ['the command’s own', { correlation_id: 'own' }, { 'correlation-id': 'header' }, 'own'],
  ['the header’s, where the command has none', {}, { 'correlation-id': 'header' }, 'header'],
  ['the first of several headers', {}, { 'correlation-id': ['one', 'two'] }, 'one'],
  ['none, where the header is longer than an id may be', {}, { 'correlation-id': 'x'.repeat(201) }, undefined],
  ['none, where the header is empty', {}, { 'correlation-id': '' }, undefined],
])('a command is carried out under %s', async (_, fields, headers, id) => {
  expect(await carriedOutUnder(fields, headers)).toBe(id);
});
