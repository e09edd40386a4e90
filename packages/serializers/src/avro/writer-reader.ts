import { createGuard, type Guard } from '../guard/guard.js';
import type { GuardLimits } from '../guard/guard-limits.js';
import { SerializationError } from '../serialization-error.js';
import { type CompileOptions, compileType } from './compile-type.js';
import type { TypeInternals } from './extend-type.js';
import type { AvroSchemaText } from './schema-source.js';

/** Reads the messages of one writer, as the reader wants to see them. */
export interface WriterReader {
  /** The value whose body begins at `offset` and ends with the buffer. */
  read(buffer: Buffer, offset: number): unknown;
}

export interface WriterReaderOptions extends CompileOptions {
  /**
   * What a message may ask for; `false` skips the look at the bytes before decoding, for messages whose writer
   * you are. Default: the defaults of GuardLimits.
   */
  readonly guard?: GuardLimits | false;
}

/** Compiles the reading of one writer's messages, with a resolver when the reader has another schema. */
export function createWriterReader(
  writerText: AvroSchemaText,
  readerText: AvroSchemaText | undefined,
  options: WriterReaderOptions,
): WriterReader {
  const writer = compileType(writerText, { ...options, purpose: 'read' });
  const differs = readerText !== undefined && meaningOf(readerText) !== meaningOf(writerText);
  const reader = differs ? compileType(readerText, { ...options, purpose: 'read' }) : writer;
  const resolver = differs ? createResolver(reader, writer) : undefined;
  const isRaw = writer.typeName === 'bytes';
  const { guard: limits, longs } = options;
  const guard = createGuard(writerText, { limits: limits === false ? undefined : limits, longs });

  return {
    read(buffer, offset) {
      if (isRaw && !resolver) return buffer.subarray(offset);
      if (limits !== false) guard.check(buffer, offset);
      let end: number;
      let value: unknown;
      try {
        const decoded = reader.decode(buffer, offset, resolver);
        end = decoded.offset;
        value = decoded.value;
      } catch (error) {
        throw explainBytes(guard, writer, buffer, offset, error);
      }
      if (end !== buffer.length) throw explainBytes(guard, writer, buffer, offset);
      return value;
    },
  };
}

// Registries store a text as they like it: white space is no other schema.
function meaningOf({ schema, references = [] }: AvroSchemaText): string {
  return [...references, schema]
    .map((text) => (/^[a-z]+$/.test(text) ? `"${text}"` : JSON.stringify(JSON.parse(text))))
    .join();
}

function createResolver(reader: TypeInternals, writer: TypeInternals): ReturnType<TypeInternals['createResolver']> {
  try {
    // Names match without their namespaces, as in the reference.
    return reader.createResolver(writer, { ignoreNamespaces: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SerializationError(
      `Messages of the writer's schema cannot be read in the reader's: ${reason}. Check the two for compatibility.`,
      { code: 'incompatible_schema', cause: error },
    );
  }
}

// avsc's own errors say neither where nor, for bytes that end too early, what.
function explainBytes(
  guard: Guard,
  type: TypeInternals,
  buffer: Buffer,
  offset: number,
  cause?: unknown,
): SerializationError {
  try {
    guard.explain(buffer, offset);
  } catch (error) {
    if (error instanceof SerializationError) return error;
  }
  const reason = cause instanceof Error ? cause.message : 'the value does not end with the message';
  return new SerializationError(
    `The bytes are not a message of the Avro schema${type.name ? ` ${type.name}` : ''}: ${reason}.`,
    { code: 'invalid_bytes', cause },
  );
}
