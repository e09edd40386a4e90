import { type Frame, type FrameKind, readFrame } from '../frame/wire-frame.js';
import { asBuffer } from '../json/json-serializer.js';
import { SerializationError } from '../serialization-error.js';
import type { MessageContext } from '../serializer.js';
import type { AvroSchemaText, SchemaSource } from './schema-source.js';
import { createWriterReader, type WriterReader, type WriterReaderOptions } from './writer-reader.js';

export interface AvroDecoderOptions extends WriterReaderOptions {
  /** The schema that values are wanted in. Without it every value has its writer's. */
  readonly reader?: AvroSchemaText;
  /** Schemas known from the start, by id; no source is asked for them. */
  readonly known?: readonly (AvroSchemaText & {
    readonly id?: number | undefined;
    readonly guid?: string | undefined;
  })[];
  /** Where the schemas of other writers come from. Without it only `known` ones can be read. */
  readonly source?: SchemaSource | undefined;
  /** `none`: messages are bare bodies in the reader's schema. Default: v0, which reads v0 and v1. */
  readonly frame?: FrameKind;
  /** Readers of different writers kept at once. The one unused for longest is dropped. Default: 1000. */
  readonly maxWriters?: number;
}

export interface AvroDecoder {
  /** Fetches the writer's schema; undefined when it is there. Throws `invalid_frame`, rejects with `schema_unavailable`. */
  prepare(bytes: Uint8Array, context?: MessageContext): Promise<void> | undefined;
  /** The value of a framed message. Throws SerializationError; `schema_not_prepared` asks for `prepare`. */
  decode(bytes: Uint8Array, context?: MessageContext): unknown;
}

/** Compiles the reading half of a codec. Throws `invalid_schema` and `invalid_option`. */
export function createAvroDecoder(options: AvroDecoderOptions): AvroDecoder {
  const { reader, known = [], source, frame = 'v0', maxWriters = 1_000 } = options;
  if (frame === 'none' && !reader) {
    throw new SerializationError('Option "frame" is none, so messages do not say their schema. Pass "reader".', {
      code: 'invalid_option',
    });
  }
  if (!Number.isInteger(maxWriters) || maxWriters < 1) {
    throw new SerializationError(`Option "maxWriters" is ${maxWriters}. It is a whole number from 1.`, {
      code: 'invalid_option',
    });
  }
  const bare = frame === 'none' ? createWriterReader(reader!, reader, options) : undefined;
  // Insertion order is order of use: a hit on anything but the newest entry is moved to the end.
  const readers = new Map<number | string, WriterReader>();
  const pending = new Map<number | string, Promise<void>>();
  let newestKey: number | string | undefined;
  let newest: WriterReader | undefined;

  const keep = (key: number | string, text: AvroSchemaText): void => {
    readers.set(key, createWriterReader(text, reader, options));
    if (readers.size > maxWriters) readers.delete(readers.keys().next().value!);
  };
  for (const schema of known) {
    if (schema.id !== undefined) keep(schema.id, schema);
    if (schema.guid !== undefined) keep(schema.guid.toLowerCase(), schema);
  }
  const keyOf = (found: Frame): number | string => (found.kind === 'v0' ? found.id : found.guid);
  const find = (key: number | string): WriterReader | undefined => {
    if (key === newestKey) return newest;
    const found = readers.get(key);
    if (found) {
      readers.delete(key);
      readers.set(key, found);
      newestKey = key;
      newest = found;
    }
    return found;
  };

  const fetchWriter = async (found: Frame): Promise<void> => {
    const key = keyOf(found);
    let text: AvroSchemaText;
    try {
      text = await fetchText(source, found);
    } catch (error) {
      if (error instanceof SerializationError) throw error;
      throw new SerializationError(
        `The schema ${nameOf(found)} could not be fetched: ${error instanceof Error ? error.message : String(error)}.`,
        { code: 'schema_unavailable', retryable: isRetryable(error), cause: error },
      );
    }
    keep(key, text);
  };

  return {
    prepare(bytes, context) {
      if (bare) return undefined;
      const found = readFrame(bytes, context);
      const key = keyOf(found);
      if (find(key)) return undefined;
      const running = pending.get(key);
      if (running) return running;
      const fetching = fetchWriter(found).finally(() => pending.delete(key));
      pending.set(key, fetching);
      return fetching;
    },
    decode(bytes, context) {
      const buffer = asBuffer(bytes);
      if (bare) return bare.read(buffer, 0);
      const found = readFrame(buffer, context);
      const writer = find(keyOf(found));
      if (!writer) {
        throw new SerializationError(
          `The message was written with schema ${nameOf(found)}, which has not been fetched. Await prepare() before decode().`,
          { code: 'schema_not_prepared', retryable: true },
        );
      }
      return writer.read(buffer, found.bodyOffset);
    },
  };
}

async function fetchText(source: SchemaSource | undefined, found: Frame): Promise<AvroSchemaText> {
  if (found.kind === 'v0' && source) return await source.byId(found.id);
  if (found.kind === 'v1' && source?.byGuid) return await source.byGuid(found.guid);
  throw new SerializationError(
    `The message was written with schema ${nameOf(found)}, and there is no source to fetch it from. Pass "source".`,
    { code: 'schema_unavailable' },
  );
}

function nameOf(found: Frame): string {
  return found.kind === 'v0' ? `id ${found.id}` : `GUID ${found.guid}`;
}

function isRetryable(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'retryable' in error && error.retryable === true;
}
