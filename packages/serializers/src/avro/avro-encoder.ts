import { encodeV1Header, type FrameKind, schemaIdHeader, v0FrameLength, writeV0Frame } from '../frame/wire-frame.js';
import { pointerOf, SerializationError } from '../serialization-error.js';
import type { MessageContext } from '../serializer.js';
import { type CompileOptions, compileType } from './compile-type.js';
import { explainValue } from './explain-value.js';
import type { TypeInternals } from './extend-type.js';
import type { AvroSchemaText } from './schema-source.js';

export interface AvroEncoderOptions extends AvroSchemaText, CompileOptions {
  /** The schema's id in the registry: a 32-bit integer. Needed for the frame `v0`. */
  readonly id?: number | undefined;
  /** The schema's GUID in the registry. Needed for the frame `v1`. */
  readonly guid?: string | undefined;
  /** How messages name their schema. Default: v0. */
  readonly frame?: FrameKind;
  /** What becomes of fields that the schema does not declare: dropped, or an error. Default: ignore. */
  readonly undeclaredFields?: 'ignore' | 'reject';
}

export type AvroEncode = (value: unknown, context?: MessageContext) => Buffer;

const firstScratchBytes = 1_024;
/** A scratch buffer that one huge message made larger than this is given back. */
const mostScratchBytes = 1 << 20;

/** Compiles the writing half of a codec. Throws `invalid_schema` and `invalid_option`. */
export function createAvroEncoder(options: AvroEncoderOptions): AvroEncode {
  const { frame = 'v0', id, guid, undeclaredFields = 'ignore' } = options;
  if (frame === 'v0' && !isSchemaId(id)) {
    throw new SerializationError(`Option "id" is ${String(id)}. A v0 frame needs the schema's id from the registry.`, {
      code: 'invalid_option',
    });
  }
  const v1Header = frame === 'v1' ? encodeV1Header(guid ?? '') : undefined;
  const type = compileType(options, { ...options, purpose: 'write' });
  const bodyOffset = frame === 'v0' ? v0FrameLength : 0;
  // Confluent's serializers write a top-level bytes schema as the bytes themselves, without their length.
  const isRaw = type.typeName === 'bytes';

  const newScratch = (bytes: number): Buffer => {
    const buffer = Buffer.allocUnsafeSlow(bytes);
    if (frame === 'v0') writeV0Frame(buffer, id!);
    return buffer;
  };
  let scratch = newScratch(firstScratchBytes);

  const write = (value: unknown): number => {
    let end = type.encode(value, scratch, bodyOffset);
    // Twice at most: the negative answer is exactly what was missing.
    while (end < 0) {
      scratch = newScratch(2 ** Math.ceil(Math.log2(scratch.length - end)));
      end = type.encode(value, scratch, bodyOffset);
    }
    return end;
  };

  // Only failures and strictness need it: with its defaults the type knows which fields may be absent.
  let completeType: TypeInternals | undefined;
  const complete = (): TypeInternals => {
    completeType ??= compileType(options, { ...options, purpose: 'read' });
    return completeType;
  };

  return (value, context) => {
    if (v1Header) {
      if (!context?.headers) {
        throw new SerializationError('A v1 frame is written into headers. Pass a context with a headers object.', {
          code: 'invalid_option',
        });
      }
      context.headers[schemaIdHeader(context.part)] = v1Header;
    }
    if (isRaw && value instanceof Uint8Array) {
      return Buffer.concat([scratch.subarray(0, bodyOffset), value]);
    }
    if (undeclaredFields === 'reject') checkDeclared(complete(), value);
    let end: number;
    try {
      end = write(value);
    } catch (error) {
      throw explainValue(complete(), value, error);
    }
    const message = Buffer.allocUnsafe(end);
    scratch.copy(message, 0, 0, end);
    if (scratch.length > mostScratchBytes) scratch = newScratch(firstScratchBytes);
    return message;
  };
}

function checkDeclared(type: TypeInternals, value: unknown): void {
  if (type.isValid(value, { noUndeclaredFields: true })) return;
  type.isValid(value, {
    noUndeclaredFields: true,
    errorHook(path, found, expected) {
      const declared = (expected as TypeInternals).fields;
      if (!declared || typeof found !== 'object' || found === null) return;
      const extra = Object.keys(found).find((name) => declared.every((field) => field.name !== name));
      if (extra === undefined) return;
      const pointer = pointerOf([...path, extra]);
      throw new SerializationError(
        `The value has the field ${pointer}, which the Avro schema does not declare. Declare it or leave it out.`,
        { code: 'invalid_value', path: pointer },
      );
    },
  });
  // What else is wrong is found by writing.
}

function isSchemaId(id: number | undefined): id is number {
  return id !== undefined && Number.isInteger(id) && id >= 0 && id <= 0x7fffffff;
}
