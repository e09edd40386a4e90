// A reader that was built before a field existed, and one that was built after it, both read the same message; bytes
// that lie about their length are refused before anything is built from them.
import { createAvroCodec, createAvroDeserializer, SerializationError } from '@naru/serializers';

const field = (name: string, more = ''): string => `{"name":"${name}","type":"double"${more}}`;
const record = (...fields: string[]): string => `{"type":"record","name":"Ticker","fields":[${fields.join(',')}]}`;
const written = record(field('close'), field('volume'));
const older = record(field('close'));
const newer = record(field('close'), field('volume'), field('quote_volume', ',"default":0'));

const message = createAvroCodec({ schema: written, id: 7 }).encode({ close: 98_801_000, volume: 0.25 });
console.log(`${message.length} bytes, ${JSON.stringify({ close: 98_801_000, volume: 0.25 }).length} as JSON`);

for (const [name, readerSchema] of Object.entries({ older, newer })) {
  const reader = createAvroDeserializer({
    source: { byId: async () => ({ schema: written }) },
    reader: { schema: readerSchema },
  });
  // `prepare` fetches what is missing; from then on `decode` waits for nothing.
  await reader.prepare(message, { topic: 'realtime.ticker.korea' });
  console.log(name, JSON.stringify(reader.decode(message, { topic: 'realtime.ticker.korea' })));
}

const list = createAvroCodec({ schema: '{"type":"array","items":"long"}', id: 8 });
try {
  // It claims thirty million numbers and has two bytes.
  list.decode(Buffer.from([0, 0, 0, 0, 8, 0x80, 0x9c, 0xce, 0x1c, 2, 0]));
} catch (error) {
  if (error instanceof SerializationError) console.log(error.code);
}
