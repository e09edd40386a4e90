import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kafkajsInternals } from '../internals.js';
import { encodeProduceRequest, type ProduceInput } from './produce-request-encoder.js';
import { stockEncoding } from './self-check.js';

const bytesOrText = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
);
const headerValue = fc.oneof(bytesOrText, fc.array(bytesOrText, { maxLength: 3 }));
const record = fc.record({
  key: fc.option(bytesOrText, { nil: null }),
  value: fc.option(bytesOrText, { nil: null }),
  headers: fc.option(fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 40 }), headerValue, { maxKeys: 5 }), {
    nil: undefined,
  }),
  timestamp: fc.integer({ min: 1_000_000_000_000, max: 9_999_999_999_999 }),
});
const partition = fc.record({
  partition: fc.nat(100_000),
  firstSequence: fc.nat(0x7fff_ffff),
  messages: fc.array(record, { minLength: 1, maxLength: 20 }),
});
const request: fc.Arbitrary<ProduceInput> = fc
  .record({
    acks: fc.constantFrom(-1, 0, 1),
    timeout: fc.nat(0x7fff_ffff),
    compression: fc.constantFrom(0, 1),
    transactionalId: fc.option(fc.string({ unit: 'grapheme', maxLength: 30 }), { nil: null }),
    identity: fc.option(
      fc.record({ producerId: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String), producerEpoch: fc.nat(0x7fff) }),
      {
        nil: {},
      },
    ),
    topicData: fc.array(
      fc.record({
        topic: fc.string({ unit: 'grapheme', maxLength: 60 }),
        partitions: fc.array(partition, { maxLength: 4 }),
      }),
      {
        maxLength: 3,
      },
    ),
  })
  .map(({ identity, ...rest }) => ({ ...rest, ...identity }));

test('writes the very bytes that stock kafkajs writes, for any records, headers, partitions and flags', async () => {
  await fc.assert(
    fc.asyncProperty(request, async (input) => {
      const compress = input.compression === 1 ? promisify<Buffer, Buffer>(gzip) : undefined;
      const ours = await encodeProduceRequest(input, compress);
      expect(ours.equals(await stockEncoding(input))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('writes large records and deltas of more than 32 bits as stock does', async () => {
  const input: ProduceInput = {
    acks: -1,
    timeout: 1,
    compression: 0,
    transactionalId: null,
    topicData: [
      {
        topic: 't',
        partitions: [
          {
            partition: 0,
            firstSequence: 0,
            messages: [
              { key: null, value: Buffer.alloc(300_000, 7), timestamp: 1_000_000_000_000 },
              { key: 'k'.repeat(20_000), value: '', timestamp: 9_999_999_999_999 },
            ],
          },
        ],
      },
    ],
  };
  expect((await encodeProduceRequest(input, undefined)).equals(await stockEncoding(input))).toBe(true);
});

test('leaves room for a header before the body', async () => {
  const input: ProduceInput = { acks: -1, timeout: 1, compression: 0, transactionalId: null, topicData: [] };
  const plain = await encodeProduceRequest(input, undefined);
  expect((await encodeProduceRequest(input, undefined, 20)).subarray(20).equals(plain)).toBe(true);
  expect(kafkajsInternals().requests.Produce?.versions).toContain('7');
});
