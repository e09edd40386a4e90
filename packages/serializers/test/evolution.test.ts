import avro from 'avsc';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAvroCodec, createAvroDeserializer } from '../src/index.js';
import { evolutionPairs } from './evolution-pairs.js';

const context = { topic: 't' };

test('what another schema wrote is read as avsc alone reads it', () => {
  fc.assert(
    fc.property(evolutionPairs, fc.integer(), (pair, seed) => {
      const [writer, reader] = [JSON.stringify(pair.writer), JSON.stringify(pair.reader)];
      const codec = createAvroCodec({ schema: writer, id: 1 });
      const deserializer = createAvroDeserializer({ reader: { schema: reader }, known: [{ schema: writer, id: 1 }] });
      const plainWriter = avro.Type.forSchema(JSON.parse(writer));
      const plainReader = avro.Type.forSchema(JSON.parse(reader));
      const resolver = plainReader.createResolver(plainWriter, { ignoreNamespaces: true });
      for (const value of fc.sample(pair.value, { numRuns: 5, seed })) {
        const message = codec.encode(value);
        expect(message.subarray(5)).toEqual(plainWriter.toBuffer(value));
        const expected: unknown = plainReader.fromBuffer(message.subarray(5), resolver);
        expect(deserializer.decode(message, context)).toEqual(expected);
      }
    }),
    { numRuns: 500, seed: 20_241_031 },
  );
});
