import type { KafkaProducer } from '../producer/kafka-producer.js';
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

/** Publishes the failed message's own key and bytes, untouched, with headers that say why and where from. */
export function createDeadLetterTopic(options: DeadLetterTopicOptions): DeadLetter {
  const { producer, topic = 'ws.dlq', origin = 'naru' } = options;
  return {
    async publish(message, failure, headers) {
      await producer.sendAndWait({
        topic,
        key: message.key,
        value: message.value,
        headers: { ...deadLetterHeaders(message, failure, origin), ...options.headers?.(message, failure), ...headers },
      });
    },
  };
}
