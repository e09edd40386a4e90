import { createHash } from 'node:crypto';
import { KafkaClientError } from '../kafka-client-error.js';
import type { KafkaProducer } from '../producer/kafka-producer.js';
import type { ProducerMessage } from '../producer/message.js';
import type { RecordHeaders } from '../transport/transport-producer.js';
import type { ReceivedMessage } from './received-message.js';

export interface Failure {
  readonly error: unknown;
  /** How often the handler was tried. */
  readonly attempts: number;
}

/** Where messages go that could not be handled. */
export interface DeadLetter {
  /**
   * Resolves once the message is safe: only then is its offset committed.
   *
   * @param headers more of them, from whoever knows more about the message.
   */
  publish(message: ReceivedMessage, failure: Failure, headers?: RecordHeaders): Promise<void>;
}

export interface DeadLetterTopicOptions {
  readonly producer: Pick<KafkaProducer, 'sendAndWait'>;
  /** Default 'ws.dlq'. */
  readonly topic?: string | undefined;
  /** Goes to `__connect.errors.connector.name`: who failed. Default 'naru'. */
  readonly origin?: string | undefined;
  /** More headers, such as the correlation id of a message that could be read so far. */
  readonly headers?: ((message: ReceivedMessage, failure: Failure) => RecordHeaders) | undefined;
}

/** Messages and stack traces are somebody else's text: a header must stay small. */
const MAX_TEXT = 4_096;

const clip = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

/** The dead letter's headers: the message's own, then why and where from in Kafka Connect's spelling, then ours. */
export function deadLetterHeaders(
  message: ReceivedMessage,
  { error, attempts }: Failure,
  origin = 'naru',
): RecordHeaders {
  const known = error instanceof Error;
  return {
    ...message.headers,
    '__connect.errors.topic': message.topic,
    '__connect.errors.partition': String(message.partition),
    '__connect.errors.offset': message.offset,
    '__connect.errors.connector.name': origin,
    '__connect.errors.stage': 'VALUE_CONVERTER',
    '__connect.errors.exception.class.name': known ? error.name : typeof error,
    '__connect.errors.exception.message': clip(known ? error.message : String(error)),
    ...(known && error.stack ? { '__connect.errors.exception.stacktrace': clip(error.stack) } : {}),
    attempt: String(attempts),
  };
}

/** What is kept of a value that the dead-letter topic does not take whole. */
const KEPT_BYTES = 256 * 1024;

/**
 * Publishes the failed message's own key and bytes, untouched, with headers that say why and where from. Only a message
 * that the topic refuses as too large is cut: a letter that never arrives would hold up its partition for ever. The
 * headers `naru-dlq-original-bytes` and `naru-dlq-original-sha256` then say what it was; topic, partition and offset
 * say where it still is.
 */
export function createDeadLetterTopic(options: DeadLetterTopicOptions): DeadLetter {
  const { producer, topic = 'ws.dlq', origin = 'naru' } = options;
  return {
    async publish(message, failure, headers) {
      const { key, value } = message;
      const why = {
        ...deadLetterHeaders(message, failure, origin),
        ...options.headers?.(message, failure),
        ...headers,
      };
      try {
        await producer.sendAndWait({ topic, key, value, headers: why });
      } catch (error) {
        if (!isTooLarge(error)) throw error;
        await producer.sendAndWait(cut(topic, message, why));
      }
    },
  };
}

function isTooLarge(error: unknown): boolean {
  return error instanceof KafkaClientError && error.code === 'message_too_large';
}

function cut(topic: string, message: ReceivedMessage, why: RecordHeaders): ProducerMessage {
  const value = message.value ?? Buffer.alloc(0);
  // Its own headers may be what made it too large.
  const own = new Set(Object.keys(message.headers));
  const ours = Object.fromEntries(
    Object.entries(why).filter(([name, text]) => !own.has(name) || text !== message.headers[name]),
  );
  return {
    topic,
    key: message.key && message.key.length > KEPT_BYTES ? message.key.subarray(0, KEPT_BYTES) : message.key,
    value: value.subarray(0, KEPT_BYTES),
    headers: {
      ...ours,
      'naru-dlq-original-bytes': String(value.length),
      'naru-dlq-original-sha256': createHash('sha256').update(value).digest('hex'),
    },
  };
}
