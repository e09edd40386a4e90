/** Message headers as Kafka clients know them. */
export type MessageHeaders = Record<string, Buffer | string | (Buffer | string)[] | undefined>;

/** Where a message goes or comes from. */
export interface MessageContext {
  readonly topic: string;
  /** Which half of the message is meant. Default: value. */
  readonly part?: 'value' | 'key';
  /** What the caller would like, for serializers that leave the choice. */
  readonly format?: 'avro' | 'json';
  /** Read when decoding. Written when encoding with a frame that lives in the headers. */
  readonly headers?: MessageHeaders;
}

/**
 * Turns values into bytes. What must be fetched first is fetched by `prepare`; `encode` itself is synchronous,
 * so that a message is never reordered by its own serialization.
 */
export interface Serializer<T = unknown> {
  /** Fetches what `encode` needs for this context; undefined when nothing is missing. */
  prepare(context: MessageContext): Promise<void> | undefined;
  /** The bytes; null for null and undefined, which is a tombstone. Throws SerializationError. */
  encode(value: T | null | undefined, context: MessageContext): Buffer | null;
}

/** Turns bytes into values; the mirror of `Serializer`. */
export interface Deserializer<T = unknown> {
  /** Fetches what `decode` needs for these bytes; undefined when nothing is missing. */
  prepare(bytes: Uint8Array | null, context: MessageContext): Promise<void> | undefined;
  /** The value; null for a tombstone. Throws SerializationError. */
  decode(bytes: Uint8Array | null, context: MessageContext): T | null;
}
