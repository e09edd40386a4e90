import { type FormatPolicyLine, formatLineOf, formatPolicy, type Logger, silentLogger } from '@naru/core';
import { asBuffer, createJsonSerializer, createKeySerializer } from '../json/json-serializer.js';
import { SerializationError } from '../serialization-error.js';
import type { MessageContext, Serializer } from '../serializer.js';

/**
 * Finds the Avro serializer of a message: one per topic, or several where a topic carries several schemas. The value is
 * undefined while preparing.
 */
export type AvroSerializerOf = (context: MessageContext, value: unknown) => Serializer | undefined;

export interface UnifiedSerializerOptions {
  /** Serializers of topics that carry Avro. Without it only JSON and bytes can be written. */
  readonly avro?: AvroSerializerOf;
  /** Default: JSON as the engine writes it. */
  readonly json?: Serializer;
  /** Keys of messages. Default: text without quotes. */
  readonly key?: Serializer;
  /** Which topics have which format. Default: the policy of the default topic names. */
  readonly policy?: readonly FormatPolicyLine[];
  /** Written on topics that leave the choice, when the caller makes none. Default: json. */
  readonly defaultFormat?: 'avro' | 'json';
  /** Told once for each topic whose policy overruled a caller. */
  readonly logger?: Logger;
}

// A bound for callers that make up topic names.
const mostWarned = 1_000;

/**
 * One serializer for every topic: bytes pass through, keys are text, and values are Avro or JSON as the policy
 * says. A caller's wish counts where the policy leaves the choice; elsewhere it is overruled with a warning.
 */
export function createUnifiedSerializer(options: UnifiedSerializerOptions = {}): Serializer {
  const {
    avro,
    json = createJsonSerializer(),
    key = createKeySerializer(),
    policy = formatPolicy,
    defaultFormat = 'json',
    logger = silentLogger,
  } = options;
  const warned = new Set<string>();

  const warnOverruled = (context: MessageContext, line: FormatPolicyLine): void => {
    const { topic, format } = context;
    if (warned.has(topic) || warned.size >= mostWarned) return;
    warned.add(topic);
    logger.warn(`Topic ${topic} is written as ${line.format}, not as ${format}: ${line.reason}.`, {
      topic,
      requested: format,
      format: line.format,
    });
  };

  const decide = (context: MessageContext): 'avro' | 'json' => {
    const line = formatLineOf(context.topic, policy);
    const format = line.format === 'caller' ? (context.format ?? defaultFormat) : line.format;
    if (context.format !== undefined && context.format !== format) warnOverruled(context, line);
    return format;
  };

  const choose = (context: MessageContext, value: unknown): Serializer => {
    if (context.part === 'key') return key;
    if (decide(context) === 'json') return json;
    const found = avro?.(context, value);
    if (!found) {
      throw new SerializationError(
        `Topic ${context.topic} is written as Avro and there is no serializer for it. Give the option "avro" one.`,
        { code: 'schema_unavailable' },
      );
    }
    return found;
  };

  return {
    prepare(context) {
      if (context.part === 'key' || decide(context) === 'json') return undefined;
      return avro?.(context, undefined)?.prepare(context);
    },
    encode(value, context) {
      if (value === null || value === undefined) return null;
      if (value instanceof Uint8Array) return asBuffer(value);
      return choose(context, value).encode(value, context);
    },
  };
}
