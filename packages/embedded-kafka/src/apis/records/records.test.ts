import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RawClient } from '../../clients/raw-client.js';
import { fetchFrom, produceTo } from '../../clients/requests.js';
import { sampleBatch } from '../../clients/sample-batch.js';
import { createEmbeddedKafka, type EmbeddedKafka } from '../../embedded-kafka.js';
import { ErrorCode } from '../../wire/error-codes.js';

describe('records', () => {
  let kafka: EmbeddedKafka;
  let client: RawClient;

  beforeEach(async () => {
    kafka = await createEmbeddedKafka({
      topics: [
        't',
        { name: 'stamped', config: { 'message.timestamp.type': 'LogAppendTime' } },
        { name: 'small', config: { 'max.message.bytes': '100' } },
      ],
    });
    client = await RawClient.connect(kafka.bootstrap[0]!);
  });

  afterEach(async () => {
    client.close();
    await kafka.close();
  });

  it('gives back the bytes it was given, with offset and leader epoch in place', async () => {
    const first = sampleBatch({ values: ['a', 'b', 'c'] });
    const second = sampleBatch({ values: ['d'] });
    expect(await produceTo(client, 't', first)).toMatchObject({ errorCode: 0, baseOffset: 0 });
    expect(await produceTo(client, 't', second)).toMatchObject({ errorCode: 0, baseOffset: 3 });
    const { records, highWatermark } = await fetchFrom(client, 't', 0);
    expect(highWatermark).toBe(4);
    expect(records!.length).toBe(first.length + second.length);
    expect(records!.subarray(16, first.length).equals(first.subarray(16))).toBe(true);
    expect(records!.readInt32BE(12)).toBe(0);
    expect(records!.readBigInt64BE(first.length)).toBe(3n);
  });

  it('gives the whole batch that an offset lies in', async () => {
    const batch = sampleBatch({ values: ['a', 'b', 'c'] });
    await produceTo(client, 't', batch);
    expect((await fetchFrom(client, 't', 2)).records!.length).toBe(batch.length);
  });

  it('gives at least one batch however few bytes are asked for, and whole batches otherwise', async () => {
    const batch = sampleBatch();
    for (let count = 0; count < 10; count++) await produceTo(client, 't', batch);
    expect((await fetchFrom(client, 't', 0, { maxBytes: 1 })).records!.length).toBe(batch.length);
    expect((await fetchFrom(client, 't', 0, { maxBytes: batch.length * 3 + 5 })).records!.length).toBe(
      batch.length * 3,
    );
  });

  it('refuses offsets outside of the log', async () => {
    await produceTo(client, 't', sampleBatch());
    expect((await fetchFrom(client, 't', 2)).errorCode).toBe(ErrorCode.OFFSET_OUT_OF_RANGE);
    expect((await fetchFrom(client, 't', -1)).errorCode).toBe(ErrorCode.OFFSET_OUT_OF_RANGE);
    expect((await fetchFrom(client, 't', 1)).errorCode).toBe(ErrorCode.NONE);
  });

  it('answers a waiting fetch as soon as a record comes', async () => {
    const waiting = fetchFrom(client, 't', 0, { maxWaitMs: 60_000 });
    const producer = await RawClient.connect(kafka.bootstrap[0]!);
    await produceTo(producer, 't', sampleBatch());
    expect((await waiting).records!.length).toBeGreaterThan(0);
    producer.close();
  });

  it('lets a fetch wait until there are enough bytes', async () => {
    const batch = sampleBatch();
    const waiting = fetchFrom(client, 't', 0, { maxWaitMs: 60_000, minBytes: batch.length * 3 });
    const producer = await RawClient.connect(kafka.bootstrap[0]!);
    for (let count = 0; count < 3; count++) await produceTo(producer, 't', batch);
    expect((await waiting).records!.length).toBe(batch.length * 3);
    producer.close();
  });

  it.each([
    ['a checksum that does not match', (batch: Buffer) => batch.fill(1, 62), ErrorCode.CORRUPT_MESSAGE],
    ['an older format', (batch: Buffer) => batch.fill(1, 16, 17), ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT],
    ['fewer bytes than it says', (batch: Buffer) => batch.subarray(0, -1), ErrorCode.CORRUPT_MESSAGE],
    ['less than a header', () => Buffer.alloc(10), ErrorCode.CORRUPT_MESSAGE],
    ['two batches at once', (batch: Buffer) => Buffer.concat([batch, batch]), ErrorCode.INVALID_RECORD],
  ])('refuses %s', async (_, spoil, errorCode) => {
    expect(await produceTo(client, 't', spoil(sampleBatch({ values: ['abc'] })))).toMatchObject({
      errorCode,
      baseOffset: -1,
    });
    expect((await fetchFrom(client, 't', 0)).highWatermark).toBe(0);
  });

  it('refuses batches above the size limit of the topic, and topics and acks that do not exist', async () => {
    const batch = sampleBatch({ values: ['x'.repeat(100)] });
    expect((await produceTo(client, 'small', batch)).errorCode).toBe(ErrorCode.MESSAGE_TOO_LARGE);
    expect((await produceTo(client, 'none', batch)).errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    expect((await produceTo(client, 't', batch, { acks: 2 })).errorCode).toBe(ErrorCode.INVALID_REQUIRED_ACKS);
  });

  it('stamps batches with its own time where the topic says so', async () => {
    const { logAppendTimeMs } = await produceTo(client, 'stamped', sampleBatch({ timestamp: 1000 }));
    const { records } = await fetchFrom(client, 'stamped', 0);
    expect(Number(records!.readBigInt64BE(35))).toBe(logAppendTimeMs);
    expect(logAppendTimeMs).toBeGreaterThan(1_700_000_000_000);
  });

  describe('from idempotent producers', () => {
    const batchOf = (baseSequence: number, producerEpoch = 0) =>
      sampleBatch({ producerId: 7, producerEpoch, baseSequence });

    it('recognises repetitions of the last five batches', async () => {
      for (let sequence = 0; sequence < 7; sequence++) await produceTo(client, 't', batchOf(sequence));
      expect(await produceTo(client, 't', batchOf(2))).toMatchObject({ errorCode: 0, baseOffset: 2 });
      expect(await produceTo(client, 't', batchOf(6))).toMatchObject({ errorCode: 0, baseOffset: 6 });
      expect((await produceTo(client, 't', batchOf(1))).errorCode).toBe(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
      expect((await fetchFrom(client, 't', 0)).highWatermark).toBe(7);
    });

    it('refuses gaps and older epochs, and lets a new epoch begin at zero', async () => {
      await produceTo(client, 't', batchOf(0));
      expect((await produceTo(client, 't', batchOf(2))).errorCode).toBe(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
      expect((await produceTo(client, 't', batchOf(1, 1))).errorCode).toBe(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
      expect((await produceTo(client, 't', batchOf(0, 1))).errorCode).toBe(ErrorCode.NONE);
      expect((await produceTo(client, 't', batchOf(1, 0))).errorCode).toBe(ErrorCode.INVALID_PRODUCER_EPOCH);
    });

    it('continues at zero after the largest sequence', async () => {
      await produceTo(client, 't', batchOf(0x7fff_ffff));
      expect((await produceTo(client, 't', batchOf(0))).errorCode).toBe(ErrorCode.NONE);
    });
  });
});
