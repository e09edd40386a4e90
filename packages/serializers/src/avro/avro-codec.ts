import type { MessageContext } from '../serializer.js';
import { type AvroDecoderOptions, createAvroDecoder } from './avro-decoder.js';
import { type AvroEncoderOptions, createAvroEncoder } from './avro-encoder.js';

export interface AvroCodecOptions
  extends AvroEncoderOptions,
    Pick<AvroDecoderOptions, 'source' | 'maxWriters' | 'guard'> {}

/** One schema for writing and reading. Messages of other writers are read as if written with this schema. */
export interface AvroCodec<T = unknown> {
  /** The framed message. Throws `invalid_value` with the failing field's path. */
  encode(value: T, context?: MessageContext): Buffer;
  /** Fetches the writer's schema of a message; undefined when it is there. */
  prepare(bytes: Uint8Array, context?: MessageContext): Promise<void> | undefined;
  /** The value of a framed message. Throws `invalid_bytes`, `invalid_frame`, `schema_not_prepared`. */
  decode(bytes: Uint8Array, context?: MessageContext): T;
}

/** Compiles a schema once, for many messages. Throws `invalid_schema` and `invalid_option`. */
export function createAvroCodec<T = unknown>(options: AvroCodecOptions): AvroCodec<T> {
  const encode = createAvroEncoder(options);
  const { id, guid, ...rest } = options;
  const decoder = createAvroDecoder({ ...rest, reader: options, known: [options] });
  return {
    encode,
    prepare: (bytes, context) => decoder.prepare(bytes, context),
    decode: (bytes, context) => decoder.decode(bytes, context) as T,
  };
}
