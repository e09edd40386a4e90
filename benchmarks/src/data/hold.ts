import { createAvroCodec } from '@naru/serializers';
import { tickerBatches, tickerSchema } from './samples.js';

const MESSAGES = 10_000;
const RECORDS_EACH = 10;

/** The most memory that the process took for writing 100,000 records and holding their bytes, in bytes. */
export async function bytesToHold(contestant: string): Promise<number> {
  const batches = tickerBatches(RECORDS_EACH);
  const codec = createAvroCodec({ schema: tickerSchema, id: 1 });
  const write =
    contestant === 'naru'
      ? (value: unknown): Buffer => codec.encode(value)
      : (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  // What the engine needs once is not what holding costs.
  for (const batch of batches) write(batch);
  const before = process.memoryUsage().rss;
  let most = 0;
  const held: Buffer[] = [];
  for (let index = 0; index < MESSAGES; index += 1) {
    held.push(write(batches[index % batches.length]));
    if (index % 500 === 499) most = Math.max(most, process.memoryUsage().rss);
  }
  if (held.length !== MESSAGES) throw new Error('Not every message was held.');
  return most - before;
}
