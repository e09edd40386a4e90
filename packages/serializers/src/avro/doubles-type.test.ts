import avro from 'avsc';
import { expect, test } from 'vitest';
import { createAvroCodec } from './avro-codec.js';

const schema = JSON.stringify({ type: 'array', items: { type: 'array', items: 'double' } });
const plain = avro.Type.forSchema(JSON.parse(schema));
const codec = createAvroCodec({ schema, id: 1 });
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => (index - 3) / 7);

test.each([0, 1, 2, 3, 63, 64, 65, 1_000])('writes what avsc writes for lists of %d', (count) => {
  const value = [numbers(count), [], numbers(2), [Number.MAX_VALUE, -0]];
  const message = codec.encode(value);
  expect(message.subarray(5)).toEqual(plain.toBuffer(value));
  expect(codec.decode(message)).toEqual(value);
});

test('finds more room when the buffer is too small, wherever the list lies', () => {
  const lengths = Array.from({ length: 300 }, (_, index) => index % 64);
  const value = lengths.map(numbers);
  expect(codec.encode(value).subarray(5)).toEqual(plain.toBuffer(value));
});

test.each([[[1, '2']], [[null, 1]], ['text'], [{ length: 2 }], [undefined]])('refuses %j', (wrong) => {
  expect(() => codec.encode([[1], wrong])).toThrow(expect.objectContaining({ code: 'invalid_value' }));
});
