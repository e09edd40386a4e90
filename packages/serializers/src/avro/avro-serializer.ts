import type { Deserializer, Serializer } from '../serializer.js';
import { type AvroDecoderOptions, createAvroDecoder } from './avro-decoder.js';
import { type AvroEncoderOptions, createAvroEncoder } from './avro-encoder.js';

/** Writes every value with one schema; null and undefined are tombstones, without a frame. */
export function createAvroSerializer<T = unknown>(options: AvroEncoderOptions): Serializer<T> {
  const encode = createAvroEncoder(options);
  return {
    prepare: () => undefined,
    encode: (value, context) => (value === null || value === undefined ? null : encode(value, context)),
  };
}

/** Reads messages of any writer whose schema the source knows, in the reader's schema if one is given. */
export function createAvroDeserializer<T = unknown>(options: AvroDecoderOptions): Deserializer<T> {
  const decoder = createAvroDecoder(options);
  return {
    prepare: (bytes, context) => (bytes === null ? undefined : decoder.prepare(bytes, context)),
    decode: (bytes, context) => (bytes === null ? null : (decoder.decode(bytes, context) as T)),
  };
}
