import { SerializationError } from '../serialization-error.js';
import { type CompileOptions, compileType } from './compile-type.js';
import type { TypeInternals } from './extend-type.js';
import type { AvroSchemaText } from './schema-source.js';

/** Reads the messages of one writer, as the reader wants to see them. */
export interface WriterReader {
  /** The value whose body begins at `offset` and ends with the buffer. */
  read(buffer: Buffer, offset: number): unknown;
}

/** Compiles the reading of one writer's messages, with a resolver when the reader has another schema. */
export function createWriterReader(
  writerText: AvroSchemaText,
  readerText: AvroSchemaText | undefined,
  options: CompileOptions,
): WriterReader {
  const writer = compileType(writerText, { ...options, purpose: 'read' });
  const differs = readerText !== undefined && readerText.schema !== writerText.schema;
  const reader = differs ? compileType(readerText, { ...options, purpose: 'read' }) : writer;
  const resolver = differs ? createResolver(reader, writer) : undefined;
  const isRaw = writer.typeName === 'bytes';

  return {
    read(buffer, offset) {
      if (isRaw && !resolver) return buffer.subarray(offset);
      let end: number;
      let value: unknown;
      try {
        const decoded = reader.decode(buffer, offset, resolver);
        end = decoded.offset;
        value = decoded.value;
      } catch (error) {
        throw invalidBytes(writer, error instanceof Error ? error.message : String(error), undefined, error);
      }
      if (end < 0) throw invalidBytes(writer, 'the message ends too early', buffer.length);
      if (end < buffer.length) throw invalidBytes(writer, `${buffer.length - end} bytes follow the value`, end);
      return value;
    },
  };
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

function invalidBytes(type: TypeInternals, reason: string, offset?: number, cause?: unknown): SerializationError {
  return new SerializationError(
    `The bytes are not a message of the Avro schema${type.name ? ` ${type.name}` : ''}: ${reason}.`,
    { code: 'invalid_bytes', offset, cause },
  );
}
