import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { gunzip, type ZlibOptions } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeRecordBatches, type UnpackRoom } from './record-batch-decoder.js';

const require = createRequire(import.meta.url);
const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0') as {
  RecordBatch(options: object): Promise<{ readonly buffer: Buffer }>;
};
const Record = require('kafkajs/src/protocol/recordBatch/record/v0') as (options: object) => unknown;
const Decoder = require('kafkajs/src/protocol/decoder') as new (buffer: Buffer) => unknown;
const stockDecode = require('kafkajs/src/protocol/requests/fetch/v4/decodeMessages') as (
  decoder: unknown,
) => Promise<StockRecord[]>;

interface StockRecord {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: object;
}

interface Written {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: object;
  readonly delta: number;
}

const at = { topic: 't', partition: 3 };
const unzip = promisify<Buffer, ZlibOptions, Buffer>(gunzip);
const decompress = (_: number, bytes: Buffer, maxBytes: number): Promise<Buffer> =>
  unzip(bytes, { maxOutputLength: maxBytes });
const room = (maxBytes = 64 * 1024): UnpackRoom => ({ maxBytes, left: maxBytes });

async function batch(firstOffset: number, records: readonly Written[], more: object = {}): Promise<Buffer> {
  const encoded = await RecordBatch({
    firstOffset,
    firstTimestamp: 1_700_000_000_000,
    maxTimestamp: 1_700_000_100_000,
    lastOffsetDelta: records.length - 1,
    records: records.map(({ key, value, headers, delta }, offsetDelta) =>
      Record({ key, value, headers, offsetDelta, timestampDelta: delta }),
    ),
    ...more,
  });
  return Buffer.from(encoded.buffer);
}

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const written: fc.Arbitrary<Written> = fc.record({
  key: fc.option(bytes, { nil: null }),
  value: fc.option(bytes, { nil: null }),
  headers: fc.dictionary(
    // Stock takes what every object inherits, such as `toString`, for a header that was there before.
    fc.string({ unit: 'grapheme', maxLength: 20 }).filter((name) => !(name in {})),
    fc.oneof(bytes, fc.array(bytes, { minLength: 2, maxLength: 3 })),
    { maxKeys: 3 },
  ),
  delta: fc.integer({ min: -100_000, max: 2 ** 45 }),
});

test('reads what stock kafkajs reads, for any records, compressed or not, cut anywhere', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.array(written, { minLength: 1, maxLength: 8 }), fc.constantFrom(0, 1)), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.nat(2 ** 40),
      fc.nat(40),
      async (batches, start, cut) => {
        const encoded: Buffer[] = [];
        let offset = start;
        for (const [records, compression] of batches) {
          encoded.push(await batch(offset, records, { compression }));
          offset += records.length;
        }
        const whole = Buffer.concat(encoded);
        const sent = whole.subarray(0, whole.length - Math.min(cut, encoded.at(-1)!.length));
        const size = Buffer.alloc(4);
        size.writeInt32BE(sent.length);
        const stock = await stockDecode(new Decoder(Buffer.concat([size, sent])));
        const { records } = await decodeRecordBatches(sent, at, 0n, [], decompress, room());
        expect(records).toEqual(
          stock.map(({ offset: stockOffset, timestamp, key, value, headers }) => ({
            ...at,
            offset: stockOffset,
            timestamp: Number(timestamp),
            key,
            value,
            headers,
          })),
        );
      },
    ),
    { numRuns: 150 },
  );
});

const plain = (value: string): Written => ({ key: null, value: Buffer.from(value), headers: {}, delta: 0 });

test('leaves out what was asked for before, and says where to go on', async () => {
  const sent = Buffer.concat([await batch(10, ['a', 'b', 'c'].map(plain)), await batch(13, [plain('d')])]);
  const { records, nextOffset } = await decodeRecordBatches(sent, at, 12n, [], decompress, room());
  expect(records.map(({ offset, value }) => `${offset} ${value}`)).toEqual(['12 c', '13 d']);
  expect(nextOffset).toBe('14');
});

test('shows nothing of aborted transactions and no control records, and moves on past them', async () => {
  const CONTROL_ABORT = Buffer.from([0, 0, 0, 0]);
  const control = await batch(4, [{ key: CONTROL_ABORT, value: Buffer.alloc(6), headers: {}, delta: 0 }], {
    transactional: true,
    producerId: 7,
  });
  control.writeInt16BE(0x30, 21);
  const sent = Buffer.concat([
    await batch(0, [plain('aborted')], { transactional: true, producerId: 7 }),
    await batch(1, [plain('other producer')], { transactional: true, producerId: 8 }),
    await batch(2, [plain('plain')]),
    await batch(3, [plain('aborted too')], { transactional: true, producerId: 7 }),
    control,
    await batch(5, [plain('committed')], { transactional: true, producerId: 7 }),
  ]);
  const { records, nextOffset } = await decodeRecordBatches(
    sent,
    at,
    0n,
    [{ producerId: 7n, firstOffset: 0n }],
    decompress,
    room(),
  );
  expect(records.map(({ value }) => String(value))).toEqual(['other producer', 'plain', 'committed']);
  expect(nextOffset).toBe('6');
});

test('counts offsets beyond 2^53 exactly and keeps hostile header names', async () => {
  const sent = await batch(0, [{ ...plain('x'), headers: JSON.parse('{"__proto__":"y"}') }]);
  sent.writeBigInt64BE(9_007_199_254_740_993n, 0);
  const { records, nextOffset } = await decodeRecordBatches(sent, at, 0n, [], decompress, room());
  expect(records[0]!.offset).toBe('9007199254740993');
  expect(nextOffset).toBe('9007199254740994');
  expect(Object.keys(records[0]!.headers)).toEqual(['__proto__']);
});

test('a batch that claims what it has not is one record that says so, and those around it are read', async () => {
  const broken = await batch(1, ['x', 'y'].map(plain));
  broken[61 + 5] = 0x7e;
  const sent = Buffer.concat([await batch(0, [plain('before')]), broken, await batch(3, [plain('behind')])]);
  const { records, nextOffset } = await decodeRecordBatches(sent, at, 0n, [], decompress, room());
  expect(records.map(({ offset, unreadable }) => [offset, unreadable?.code])).toEqual([
    ['0', undefined],
    ['2', 'batch_unreadable'],
    ['3', undefined],
  ]);
  expect(records[1]).toMatchObject({ key: null, value: broken.subarray(61), headers: {} });
  expect(nextOffset).toBe('4');
});

test('a batch that unpacks to too much, or to too many records, is unreadable and takes no room', async () => {
  const bomb = await batch(0, [plain('x'.repeat(70_000))], { compression: 1 });
  const crowd = await batch(1, [plain('')], { compression: 1 });
  crowd.writeInt32BE(1_025, 57);
  const good = await batch(2, [plain('good')], { compression: 1 });
  const left = room();
  const { records } = await decodeRecordBatches(Buffer.concat([bomb, crowd, good]), at, 0n, [], decompress, left);
  expect(records.map(({ unreadable, value }) => unreadable?.code ?? String(value))).toEqual([
    'batch_unreadable',
    'batch_unreadable',
    'good',
  ]);
  expect(left.left).toBe(64 * 1024 - 64);
});

test('what an answer may unpack to is shared by its partitions; the rest is left for the next fetch', async () => {
  const one = await batch(0, [plain('x'.repeat(40_000))], { compression: 1 });
  const two = await batch(1, [plain('y'.repeat(40_000))], { compression: 1 });
  const three = await batch(2, [plain('z')], { compression: 1 });
  const left = room();
  const first = await decodeRecordBatches(Buffer.concat([one, two, three]), at, 0n, [], decompress, left);
  expect([first.records.length, first.nextOffset]).toEqual([2, '2']);
  const other = await decodeRecordBatches(three, { ...at, partition: 4 }, 2n, [], decompress, left);
  expect([other.records.length, other.nextOffset]).toEqual([0, undefined]);
});
