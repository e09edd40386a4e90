import type { Producer, Transaction } from 'kafkajs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Inbox, kafkaJs } from '../clients/kafkajs-client.js';
import { RawClient } from '../clients/raw-client.js';
import { fetchFrom } from '../clients/requests.js';
import { createEmbeddedKafka, type EmbeddedKafka } from '../embedded-kafka.js';

describe.each([1, 3])('transactions on %i node(s)', (nodes) => {
  let kafka: EmbeddedKafka;
  const toClose: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    kafka = await createEmbeddedKafka({
      nodes,
      topics: [
        { name: 'in', partitions: 2 },
        { name: 'out', partitions: 2 },
      ],
    });
  });

  afterEach(async () => {
    await Promise.all(toClose.splice(0).map((close) => close()));
    await kafka.close();
  });

  const producerOf = async (transactionalId = 'mover'): Promise<Producer> => {
    const producer = kafkaJs(kafka.bootstrap).producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    toClose.push(() => producer.disconnect());
    return producer;
  };

  const readerOf = async (groupId: string, readUncommitted: boolean): Promise<Inbox> => {
    const inbox = new Inbox();
    const consumer = kafkaJs(kafka.bootstrap).consumer({
      groupId,
      readUncommitted,
      maxWaitTimeInMs: 100,
      heartbeatInterval: 300,
    });
    toClose.push(() => consumer.disconnect());
    await consumer.connect();
    await consumer.subscribe({ topics: ['out'], fromBeginning: true });
    await consumer.run({ eachMessage: inbox.eachMessage });
    return inbox;
  };

  const send = (transaction: Transaction, ...values: string[]) =>
    transaction.send({ topic: 'out', messages: values.map((value, index) => ({ value, partition: index % 2 })) });

  it('shows committed records to readers of committed data, and never aborted ones', async () => {
    const producer = await producerOf();
    const committed = await readerOf('committed', false);
    const all = await readerOf('all', true);
    const first = await producer.transaction();
    await send(first, 'no-1', 'no-2');
    await first.abort();
    const second = await producer.transaction();
    await send(second, 'yes-1', 'yes-2');
    await second.commit();
    await Promise.all([committed.until(2), all.until(4)]);
    expect(committed.values.toSorted()).toEqual(['yes-1', 'yes-2']);
    expect(all.values.toSorted()).toEqual(['no-1', 'no-2', 'yes-1', 'yes-2']);
  });

  it('keeps readers of committed data before an open transaction', async () => {
    const producer = await producerOf();
    const transaction = await producer.transaction();
    await transaction.send({ topic: 'out', messages: [{ value: 'open', partition: 0 }] });
    const client = await RawClient.connect(kafka.bootstrap[kafka.leaderOf('out', 0) - 1]!);
    expect(await fetchFrom(client, 'out', 0, { isolationLevel: 1 })).toMatchObject({
      highWatermark: 1,
      lastStableOffset: 0,
      records: Buffer.alloc(0),
    });
    const waiting = fetchFrom(client, 'out', 0, { isolationLevel: 1, maxWaitMs: 60_000 });
    await transaction.commit();
    expect(await waiting).toMatchObject({ errorCode: 0, lastStableOffset: 2, abortedTransactions: [] });
    client.close();
  });

  it('commits the offsets of a group with the transaction, or not at all', async () => {
    const admin = kafkaJs(kafka.bootstrap).admin();
    await admin.connect();
    toClose.push(() => admin.disconnect());
    const producer = await producerOf();
    const offsetOf = async () =>
      (await admin.fetchOffsets({ groupId: 'movers', topics: ['in'] }))[0]!.partitions.find(
        ({ partition }) => partition === 1,
      )!.offset;
    const offsets = (offset: string) => ({
      consumerGroupId: 'movers',
      topics: [{ topic: 'in', partitions: [{ partition: 1, offset }] }],
    });
    const aborted = await producer.transaction();
    await aborted.sendOffsets(offsets('5'));
    await aborted.abort();
    expect(await offsetOf()).toBe('-1');
    const committed = await producer.transaction();
    await committed.sendOffsets(offsets('7'));
    expect(await offsetOf()).toBe('-1');
    await committed.commit();
    expect(await offsetOf()).toBe('7');
  });

  it('fences a producer when another takes its transactional id over, and aborts what it left open', async () => {
    const old = await producerOf();
    const left = await old.transaction();
    await send(left, 'left');
    const next = await producerOf();
    const transaction = await next.transaction();
    await send(transaction, 'kept');
    await transaction.commit();
    await expect(send(left, 'late')).rejects.toThrow();
    const committed = await readerOf('after-fencing', false);
    await committed.until(1);
    expect(committed.values).toEqual(['kept']);
  });
});
