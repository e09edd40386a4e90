import { type FormatPolicyLine, formatLineOf, formatPolicy } from '@naru/core';
import { schemaIdHeader } from '../frame/wire-frame.js';
import { createJsonDeserializer } from '../json/json-serializer.js';
import { SerializationError } from '../serialization-error.js';
import type { Deserializer, MessageContext } from '../serializer.js';

export interface UnifiedDeserializerOptions {
  /** Reads Avro messages of any writer. Without it Avro topics cannot be read. */
  readonly avro?: Deserializer;
  /** Default: JSON, unchecked. */
  readonly json?: Deserializer;
  /** Which topics have which format. Default: the policy of the default topic names. */
  readonly policy?: readonly FormatPolicyLine[];
}

/**
 * One deserializer for every topic. Where the policy leaves the choice, the message itself says what it is: a
 * schema header or a first byte 0 is Avro, which no JSON text begins with. Keys are text.
 */
export function createUnifiedDeserializer(options: UnifiedDeserializerOptions = {}): Deserializer {
  const { avro, json = createJsonDeserializer(), policy = formatPolicy } = options;

  const choose = (bytes: Uint8Array, context: MessageContext): Deserializer => {
    if (context.part === 'key') return textKeys;
    const { format } = formatLineOf(context.topic, policy);
    const isAvro =
      format === 'caller'
        ? context.format === 'avro' || (context.format === undefined && looksFramed(bytes, context))
        : format === 'avro';
    if (!isAvro) return json;
    if (avro) return avro;
    throw new SerializationError(
      `Topic ${context.topic} carries Avro and there is no deserializer for it. Pass the option "avro".`,
      { code: 'schema_unavailable' },
    );
  };

  return {
    prepare: (bytes, context) => (bytes === null ? undefined : choose(bytes, context).prepare(bytes, context)),
    decode: (bytes, context) => (bytes === null ? null : choose(bytes, context).decode(bytes, context)),
  };
}

function looksFramed(bytes: Uint8Array, context: MessageContext): boolean {
  return bytes[0] === 0 || context.headers?.[schemaIdHeader(context.part)] !== undefined;
}

const textKeys: Deserializer = {
  prepare: () => undefined,
  decode: (bytes) => (bytes === null ? null : new TextDecoder().decode(bytes)),
};
