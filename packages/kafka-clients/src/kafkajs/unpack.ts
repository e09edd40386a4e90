import { tooMuch } from '../compression/too-much.js';
import { KafkaClientError } from '../kafka-client-error.js';
import { kafkajsInternals } from './internals.js';
import { compressionTypes, registeredCodec } from './registered-codecs.js';

/**
 * Unpacks what is in a batch.
 *
 * @param type its number in the batch's attributes
 * @throws {KafkaClientError} `codec_missing`; anything else says that the bytes are damaged or come to more than `maxBytes`
 */
export async function unpack(type: number, bytes: Buffer, maxBytes: number): Promise<Buffer> {
  const unpacked = await (registeredCodec(type)?.decompress(bytes, maxBytes) ?? unpackRegistered(type, bytes));
  if (unpacked.length > maxBytes) throw tooMuch(maxBytes);
  return unpacked;
}

/** With a codec that somebody else made known to kafkajs: it knows no bound, so what comes out is looked at afterwards. */
async function unpackRegistered(type: number, bytes: Buffer): Promise<Buffer> {
  const name = Object.entries(compressionTypes).find(([, number]) => number === type)?.[0];
  if (name === undefined) throw new RangeError(`its compression ${type} is none that is known`);
  let codec: { decompress(bytes: Buffer): Promise<Buffer> };
  try {
    codec = kafkajsInternals().lookupCodec(type);
  } catch (cause) {
    throw new KafkaClientError(`A batch is compressed with ${name}. Install its codec; the README lists them.`, {
      code: 'codec_missing',
      cause,
    });
  }
  return codec.decompress(bytes);
}
