import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apiVersions } from '../apis/cluster/api-versions.js';
import { metadata } from '../apis/cluster/metadata.js';
import { fetch } from '../apis/records/fetch.js';
import { produce } from '../apis/records/produce.js';
import { decodeResponse, encodeRequest, RawClient } from '../clients/raw-client.js';
import { fetchFrom, produceTo } from '../clients/requests.js';
import { sampleBatch } from '../clients/sample-batch.js';
import { createEmbeddedKafka, type EmbeddedKafka } from '../embedded-kafka.js';
import { ErrorCode } from '../wire/error-codes.js';

const MIB = 1024 * 1024;
const noSoftware = { clientSoftwareName: 'test', clientSoftwareVersion: '1' };

describe('bounds', () => {
  let kafka: EmbeddedKafka;
  let client: RawClient;
  const warnings: string[] = [];
  const logger = {
    debug: () => {},
    info: () => {},
    warn: (_: string, fields?: Readonly<Record<string, unknown>>) => {
      warnings.push(String(fields?.error ?? fields?.limit));
    },
    error: (message: string, fields?: Readonly<Record<string, unknown>>) => {
      throw new Error(`${message}: ${String(fields?.error)}`);
    },
  };

  beforeEach(async () => {
    warnings.length = 0;
    kafka = await createEmbeddedKafka({
      topics: [{ name: 't', partitions: 2 }],
      maxFrameBytes: 100_000,
      maxPendingBytes: 150_000,
      maxConnections: 4,
      maxMemoryBytes: MIB,
      retentionBytes: 300_000,
      maxPartitions: 10,
      maxGroups: 2,
      logger,
    });
    client = await RawClient.connect(kafka.bootstrap[0]!);
  });

  afterEach(async () => {
    client.close();
    await kafka.close();
  });

  it('closes the connection that announces a frame above the limit, and says so', async () => {
    client.write(Buffer.from([0x7f, 0xff, 0xff, 0xff]));
    await client.closed;
    expect(warnings).toEqual(['a frame of 2147483647 bytes is announced, the limit is 100000']);
    expect(kafka.counters.protocolErrors).toBe(1);
  });

  it.each([
    ['a negative length', Buffer.from([0xff, 0xff, 0xff, 0xff])],
    ['a frame too short for a header', Buffer.from([0, 0, 0, 2, 0, 3])],
    ['an unknown API', Buffer.from([0, 0, 0, 10, 0, 99, 0, 0, 0, 0, 0, 1, 0xff, 0xff])],
    ['an unknown version', Buffer.from([0, 0, 0, 10, 0, 3, 0, 99, 0, 0, 0, 1, 0xff, 0xff])],
    [
      'an array longer than its frame',
      Buffer.from([0, 0, 0, 14, 0, 3, 0, 1, 0, 0, 0, 1, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]),
    ],
  ])('closes the connection on %s, and goes on serving others', async (_, bytes) => {
    client.write(bytes);
    await client.closed;
    expect(warnings).toHaveLength(1);
    const next = await RawClient.connect(kafka.bootstrap[0]!);
    expect((await produceTo(next, 't', sampleBatch())).errorCode).toBe(0);
    next.close();
  });

  it('answers ApiVersions in a version it does not know with its list in version 0', async () => {
    const frame = await client.exchange(encodeRequest({ ...apiVersions, flexibleFrom: 3 }, 99, 1, noSoftware));
    const { body, unread } = decodeResponse(apiVersions, 0, frame);
    expect(body.errorCode).toBe(ErrorCode.UNSUPPORTED_VERSION);
    expect(body.apiKeys.length).toBeGreaterThan(20);
    expect(unread).toBe(0);
  });

  it('advertises Produce from version 0, without which librdkafka does not compress', async () => {
    const { apiKeys } = await client.call(apiVersions, 3, noSoftware);
    expect(apiKeys.find(({ apiKey }) => apiKey === produce.key)!.minVersion).toBe(0);
    expect(apiKeys.find(({ apiKey }) => apiKey === fetch.key)!.minVersion).toBe(fetch.minVersion);
  });

  it('reads frames that arrive byte by byte, and several at once', async () => {
    const request = encodeRequest(apiVersions, 0, 1, noSoftware);
    const framed = Buffer.concat([Buffer.from([0, 0, 0, request.length]), request]);
    const answers = Promise.all([client.answer(), client.answer(), client.answer()]);
    for (const byte of framed) client.write(Buffer.from([byte]));
    client.write(Buffer.concat([framed, framed]));
    for (const frame of await answers) expect(decodeResponse(apiVersions, 0, frame).body.errorCode).toBe(0);
  });

  it('bounds the bytes of requests that have arrived in part', async () => {
    const half = Buffer.concat([Buffer.from([0, 1, 0x80, 0]), Buffer.alloc(80_000)]);
    const others = [await RawClient.connect(kafka.bootstrap[0]!), await RawClient.connect(kafka.bootstrap[0]!)];
    for (const other of others) other.write(half);
    await Promise.race(others.map(({ closed }) => closed));
    expect(warnings[0]).toMatch(/requests in arrival hold \d+ bytes, the limit is 150000/);
    for (const other of others) other.close();
  });

  it('refuses connections above the limit', async () => {
    const others = await Promise.all(Array.from({ length: 3 }, () => RawClient.connect(kafka.bootstrap[0]!)));
    const refused = await RawClient.connect(kafka.bootstrap[0]!);
    await refused.closed;
    expect(kafka.counters.connectionsRefused).toBe(1);
    for (const other of others) other.close();
  });

  it('keeps about as many bytes per partition as it was told, from the newest', async () => {
    const batch = sampleBatch({ values: ['x'.repeat(10_000)] });
    for (let count = 0; count < 200; count++) await produceTo(client, 't', batch);
    const { logStartOffset, highWatermark } = await fetchFrom(client, 't', 199);
    expect(highWatermark).toBe(200);
    expect((200 - logStartOffset) * batch.length).toBeGreaterThanOrEqual(300_000);
    expect(kafka.counters.recordBytesHeld).toBeLessThan(2 * MIB);
    expect((await fetchFrom(client, 't', 0)).errorCode).toBe(ErrorCode.OFFSET_OUT_OF_RANGE);
  });

  it('keeps the records of all partitions within the memory limit', async () => {
    const batch = sampleBatch({ values: ['x'.repeat(60_000)] });
    for (let count = 0; count < 60; count++) await produceTo(client, 't', batch, { partition: count % 2 });
    expect(kafka.counters.recordBytesHeld).toBeLessThanOrEqual(MIB);
  });

  it('creates no more partitions than allowed, and no topics with names that Kafka refuses', async () => {
    const namesOf = (names: readonly string[]) => ({
      topics: names.map((name) => ({ name, topicId: '00000000-0000-0000-0000-000000000000' })),
      allowAutoTopicCreation: true,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    });
    const { topics } = await client.call(
      metadata,
      7,
      namesOf(Array.from({ length: 20 }, (_, index) => `auto-${index}`)),
    );
    expect(topics.filter(({ errorCode }) => errorCode === ErrorCode.NONE)).toHaveLength(8);
    const refused = await client.call(metadata, 7, namesOf(['a/b', '..', 'x'.repeat(250)]));
    expect(refused.topics.map(({ errorCode }) => errorCode)).toEqual([17, 17, 17]);
  });

  it('names the option and the value when it is created wrongly', async () => {
    await expect(createEmbeddedKafka({ nodes: 0 })).rejects.toThrow(
      'Option "nodes" is 0; give an integer from 1 to 100.',
    );
    await expect(createEmbeddedKafka({ port: 65_535, nodes: 2 })).rejects.toThrow(/"port" is 65535/);
    await expect(createEmbeddedKafka({ topics: ['a b'] })).rejects.toThrow(/"topics" has "a b"/);
    const port = Number(kafka.bootstrap[0]!.split(':')[1]);
    await expect(createEmbeddedKafka({ port })).rejects.toMatchObject({ code: 'listen_failed', retryable: true });
  });
});
