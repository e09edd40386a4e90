import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findCoordinator } from '../apis/cluster/find-coordinator.js';
import { metadata } from '../apis/cluster/metadata.js';
import { kafkaJs } from '../clients/kafkajs-client.js';
import { ManualClock } from '../clients/manual-clock.js';
import { RawClient } from '../clients/raw-client.js';
import { fetchFrom, produceTo } from '../clients/requests.js';
import { sampleBatch } from '../clients/sample-batch.js';
import { createEmbeddedKafka, type EmbeddedKafka } from '../embedded-kafka.js';
import { ErrorCode } from '../wire/error-codes.js';

describe('faults of requests', () => {
  let kafka: EmbeddedKafka;
  let client: RawClient;
  let clock: ManualClock;

  beforeEach(async () => {
    clock = new ManualClock();
    kafka = await createEmbeddedKafka({ topics: ['t'], clock });
    client = await RawClient.connect(kafka.bootstrap[0]!);
  });

  afterEach(async () => {
    client.close();
    await kafka.close();
  });

  it('answer with an error as many times as they are asked to', async () => {
    kafka.faults.on('Produce', { action: 'error', errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER }, { times: 2 });
    const codes: number[] = [];
    for (let count = 0; count < 3; count++) codes.push((await produceTo(client, 't', sampleBatch())).errorCode);
    expect(codes).toEqual([6, 6, 0]);
    expect(kafka.counters.faultsApplied).toBe(2);
    expect((await fetchFrom(client, 't', 0)).highWatermark).toBe(1);
  });

  it('apply until they are removed, and only where their function says so', async () => {
    const undo = kafka.faults.on('*', ({ api, body }) =>
      api === 'Produce' && (body as { acks: number }).acks === 1 ? { action: 'error', errorCode: 7 } : undefined,
    );
    expect((await produceTo(client, 't', sampleBatch(), { acks: 1 })).errorCode).toBe(7);
    expect((await produceTo(client, 't', sampleBatch(), { acks: -1 })).errorCode).toBe(0);
    undo();
    expect((await produceTo(client, 't', sampleBatch(), { acks: 1 })).errorCode).toBe(0);
  });

  it('answer whatever they are told', async () => {
    const body = {
      throttleTimeMs: 0,
      errorCode: 0,
      errorMessage: null,
      nodeId: 9,
      host: 'elsewhere',
      port: 1,
      coordinators: [],
    };
    kafka.faults.on('FindCoordinator', { action: 'answer', body });
    expect(await client.call(findCoordinator, 2, { key: 'g', keyType: 0, coordinatorKeys: [] })).toMatchObject({
      nodeId: 9,
      host: 'elsewhere',
    });
  });

  it('cut the connection before the request took effect', async () => {
    kafka.faults.on('Produce', { action: 'disconnect' }, { times: 1 });
    await expect(produceTo(client, 't', sampleBatch())).rejects.toThrow('closed');
    const next = await RawClient.connect(kafka.bootstrap[0]!);
    expect((await fetchFrom(next, 't', 0)).highWatermark).toBe(0);
    next.close();
  });

  it('cut the connection after the request took effect, so that only the answer is lost', async () => {
    kafka.faults.on('Produce', { action: 'disconnect', processed: true }, { times: 1 });
    const batch = sampleBatch({ producerId: 7, producerEpoch: 0, baseSequence: 0 });
    await expect(produceTo(client, 't', batch)).rejects.toThrow('closed');
    const next = await RawClient.connect(kafka.bootstrap[0]!);
    expect(await produceTo(next, 't', batch)).toMatchObject({ errorCode: 0, baseOffset: 0 });
    expect((await fetchFrom(next, 't', 0)).highWatermark).toBe(1);
    next.close();
  });

  it('delay the handling', async () => {
    kafka.faults.on('Produce', { action: 'delay', delayMs: 5000 }, { times: 1 });
    const sent = produceTo(client, 't', sampleBatch());
    const other = await RawClient.connect(kafka.bootstrap[0]!);
    await expect.poll(() => clock.waiting).toBe(1);
    expect((await fetchFrom(other, 't', 0)).highWatermark).toBe(0);
    clock.advance(5000);
    expect((await sent).errorCode).toBe(0);
    other.close();
  });

  it('hang until the connection ends', async () => {
    kafka.faults.on('Metadata', { action: 'hang' }, { times: 1 });
    const answers: string[] = [];
    const ask = {
      topics: [],
      allowAutoTopicCreation: false,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    };
    client.call(metadata, 5, ask).then(
      () => answers.push('answered'),
      () => answers.push('cut'),
    );
    const other = await RawClient.connect(kafka.bootstrap[0]!);
    expect((await other.call(metadata, 5, ask)).brokers).toHaveLength(1);
    expect(answers).toEqual([]);
    client.close();
    await client.closed;
    await expect.poll(() => answers).toEqual(['cut']);
    other.close();
  });

  it('refuse names of APIs that do not exist and counts that make no sense', () => {
    expect(() => kafka.faults.on('Prodcue', { action: 'hang' })).toThrow(/no API named "Prodcue"/);
    expect(() => kafka.faults.on('Produce', { action: 'hang' }, { times: 0 })).toThrow(/"times" is 0/);
    expect(() => kafka.faults.onConnections({ bytesPerSecond: -1 })).toThrow(/"bytesPerSecond" is -1/);
  });
});

describe('faults of connections', () => {
  it('cut in the middle of an answer', async () => {
    await using kafka = await createEmbeddedKafka({ topics: ['t'] });
    kafka.faults.onConnections({ cutAfterBytes: 20 }, { times: 1 });
    const cut = await RawClient.connect(kafka.bootstrap[0]!);
    await expect(produceTo(cut, 't', sampleBatch())).rejects.toThrow('closed');
    const whole = await RawClient.connect(kafka.bootstrap[0]!);
    expect((await fetchFrom(whole, 't', 0)).highWatermark).toBe(1);
    whole.close();
  });

  it('let answers trickle', async () => {
    const clock = new ManualClock();
    await using kafka = await createEmbeddedKafka({ topics: ['t'], clock });
    const producer = await RawClient.connect(kafka.bootstrap[0]!);
    await produceTo(producer, 't', sampleBatch({ values: ['x'.repeat(1000)] }));
    kafka.faults.onConnections({ bytesPerSecond: 2000 }, { times: 1 });
    const slow = await RawClient.connect(kafka.bootstrap[0]!);
    const fetched = fetchFrom(slow, 't', 0);
    let steps = 0;
    while (kafka.counters.requests.Fetch !== 1 || clock.waiting > 0) {
      if (clock.waiting > 0) steps++;
      clock.advance(50);
      await new Promise(setImmediate);
    }
    expect((await fetched).records!.length).toBeGreaterThan(1000);
    expect(steps).toBeGreaterThanOrEqual(10);
    slow.close();
    producer.close();
  });
});

describe('control of nodes', () => {
  it('carries kafkajs through the loss and return of the leader', async () => {
    await using kafka = await createEmbeddedKafka({ nodes: 3, topics: ['t'] });
    const producer = kafkaJs(kafka.bootstrap).producer();
    await producer.connect();
    await producer.send({ topic: 't', messages: [{ value: '1' }] });
    const leader = kafka.leaderOf('t', 0);
    await kafka.stopNode(leader);
    expect(kafka.leaderOf('t', 0)).not.toBe(leader);
    await producer.send({ topic: 't', messages: [{ value: '2' }] });
    await kafka.startNode(leader);
    kafka.moveLeader('t', 0, leader);
    const [result] = await producer.send({ topic: 't', messages: [{ value: '3' }] });
    expect(result!.baseOffset).toBe('2');
    await producer.disconnect();
  });

  it('refuses to serve where it does not lead, and raises the leader epoch with each move', async () => {
    await using kafka = await createEmbeddedKafka({ nodes: 2, topics: ['t'] });
    const leader = kafka.leaderOf('t', 0);
    const other = 3 - leader;
    const client = await RawClient.connect(kafka.bootstrap[leader - 1]!);
    const waiting = fetchFrom(client, 't', 0, { maxWaitMs: 60_000 });
    await expect.poll(() => kafka.counters.requests.Fetch).toBe(1);
    kafka.moveLeader('t', 0, other);
    expect((await waiting).errorCode).toBe(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    const there = await RawClient.connect(kafka.bootstrap[other - 1]!);
    await produceTo(there, 't', sampleBatch());
    expect((await fetchFrom(there, 't', 0)).records!.readInt32BE(12)).toBe(1);
    client.close();
    there.close();
  });

  it('leaves requests to a paused node unanswered until it goes on', async () => {
    await using kafka = await createEmbeddedKafka({ topics: ['t'] });
    const client = await RawClient.connect(kafka.bootstrap[0]!);
    kafka.pauseNode(1);
    let isAnswered = false;
    const sent = produceTo(client, 't', sampleBatch()).then((result) => {
      isAnswered = true;
      return result;
    });
    const late = await RawClient.connect(kafka.bootstrap[0]!);
    await new Promise(setImmediate);
    expect(isAnswered).toBe(false);
    kafka.resumeNode(1);
    expect((await sent).errorCode).toBe(0);
    expect((await fetchFrom(late, 't', 0)).highWatermark).toBe(1);
    client.close();
    late.close();
  });

  it('says so when all replicas of a partition are down, and when a node does not exist', async () => {
    await using kafka = await createEmbeddedKafka({ nodes: 2, topics: ['t'] });
    await kafka.stopNode(1);
    await kafka.stopNode(2);
    expect(kafka.leaderOf('t', 0)).toBe(-1);
    await kafka.startNode(2);
    expect(kafka.leaderOf('t', 0)).toBe(2);
    expect(() => kafka.moveLeader('t', 0, 1)).toThrow(/Node 1 is stopped/);
    expect(() => kafka.pauseNode(3)).toThrow(/no node 3/);
    expect(() => kafka.moveLeader('t', 5, 2)).toThrow(/no partition t\/5/);
  });
});
