import { SerializationError } from '../serialization-error.js';
import type { MessageContext } from '../serializer.js';

/*
 * Confluent's wire format, which says what schema a body was written with.
 *
 *   V0 message = %x00 id body          ; id: int32, big-endian
 *   V1 message = body                  ; and a header, next line
 *   V1 header  = "__value_schema_id" / "__key_schema_id" : %x01 guid   ; guid: 16 bytes
 *
 * A reader looks for the header first. A null message is a tombstone and has no frame.
 */

/** Bytes that a V0 frame puts in front of the body. */
export const v0FrameLength = 5;

/** How a message names its schema: in front of the body, in a header, or not at all. */
export type FrameKind = 'v0' | 'v1' | 'none';

/** What a frame said: the writer's schema, and where the body begins. */
export type Frame =
  | { readonly kind: 'v0'; readonly id: number; readonly bodyOffset: 5 }
  | { readonly kind: 'v1'; readonly guid: string; readonly bodyOffset: 0 };

const v1Magic = 1;
const guidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The header that carries the V1 frame of one half of a message. */
export function schemaIdHeader(part: MessageContext['part']): '__value_schema_id' | '__key_schema_id' {
  return part === 'key' ? '__key_schema_id' : '__value_schema_id';
}

/** Puts a V0 frame at the beginning of a buffer. */
export function writeV0Frame(target: Uint8Array, id: number): void {
  target[0] = 0;
  target[1] = id >>> 24;
  target[2] = id >>> 16;
  target[3] = id >>> 8;
  target[4] = id;
}

/** The id in a V0 frame, or -1 where there is none: the fast path of every decode. */
export function readV0Id(bytes: Uint8Array): number {
  if (bytes.length < v0FrameLength || bytes[0] !== 0) return -1;
  return (bytes[1]! << 24) | (bytes[2]! << 16) | (bytes[3]! << 8) | bytes[4]!;
}

/** The value of a V1 header for a GUID. */
export function encodeV1Header(guid: string): Buffer {
  if (!guidPattern.test(guid)) {
    throw new SerializationError(`"${guid}" is not a GUID. Pass the one that the registry gave the schema.`, {
      code: 'invalid_option',
    });
  }
  return Buffer.concat([Buffer.of(v1Magic), Buffer.from(guid.replaceAll('-', ''), 'hex')]);
}

function decodeV1Header(value: Uint8Array): string {
  const guid = value.length === 17 && value[0] === v1Magic ? value.subarray(1) : value;
  if (guid.length !== 16) {
    throw new SerializationError(
      `The schema header holds ${value.length} bytes. A V1 frame is one byte 1 and a GUID of 16 bytes.`,
      { code: 'invalid_frame' },
    );
  }
  const hex = Buffer.from(guid).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Reads the frame of a message: its header if it has one, else its first five bytes. Throws `invalid_frame`. */
export function readFrame(bytes: Uint8Array, context?: MessageContext): Frame {
  const header = context?.headers?.[schemaIdHeader(context.part)];
  const value = Array.isArray(header) ? header[0] : header;
  if (value !== undefined) {
    return {
      kind: 'v1',
      guid: decodeV1Header(typeof value === 'string' ? Buffer.from(value, 'latin1') : value),
      bodyOffset: 0,
    };
  }
  const id = readV0Id(bytes);
  if (id < 0) {
    throw new SerializationError(
      bytes.length < v0FrameLength
        ? `The message has ${bytes.length} bytes and no schema header, too few for a frame. It was not written with a registry serializer.`
        : `The message begins with byte ${bytes[0]} instead of 0 and a schema id. It was not written with a registry serializer.`,
      { code: 'invalid_frame', offset: 0 },
    );
  }
  return { kind: 'v0', id, bodyOffset: v0FrameLength };
}
