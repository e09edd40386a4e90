import { KafkaClientError, type KafkaClientErrorCode } from '../kafka-client-error.js';
import { kafkajsInternals } from './internals.js';

/** What the rest of the package needs to know of an error that kafkajs throws. */
interface KafkajsError extends Error {
  readonly type?: string;
  readonly code?: number | string;
  readonly retriable?: boolean;
  readonly broker?: string;
  readonly cause?: unknown;
}

interface Meaning {
  readonly code: KafkaClientErrorCode;
  readonly retryable?: boolean;
  readonly possiblyWritten?: boolean;
  readonly hint?: string;
}

/** Error codes of the Kafka protocol that mean more than "the broker said no". */
const meanings: Readonly<Record<string, Meaning>> = {
  UNKNOWN_TOPIC_OR_PARTITION: { code: 'unknown_topic', retryable: true, hint: 'Create the topic, or check its name.' },
  INVALID_TOPIC_EXCEPTION: { code: 'unknown_topic', retryable: false, hint: 'Check the topic name.' },
  LEADER_NOT_AVAILABLE: { code: 'not_leader', retryable: true },
  NOT_LEADER_FOR_PARTITION: { code: 'not_leader', retryable: true },
  FENCED_LEADER_EPOCH: { code: 'not_leader', retryable: true },
  BROKER_NOT_AVAILABLE: { code: 'not_leader', retryable: true },
  REQUEST_TIMED_OUT: { code: 'request_timeout', retryable: true, possiblyWritten: true },
  NOT_ENOUGH_REPLICAS: { code: 'not_enough_replicas', retryable: true },
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: { code: 'not_enough_replicas', retryable: true, possiblyWritten: true },
  MESSAGE_TOO_LARGE: { code: 'message_too_large', hint: "Send less at once, or raise the topic's max.message.bytes." },
  RECORD_LIST_TOO_LARGE: { code: 'message_too_large', hint: "Send less at once, or raise the broker's segment.bytes." },
  OUT_OF_ORDER_SEQUENCE_NUMBER: { code: 'sequence_lost' },
  UNKNOWN_PRODUCER_ID: { code: 'sequence_lost' },
  INVALID_PRODUCER_EPOCH: { code: 'producer_fenced' },
  INVALID_PRODUCER_ID_MAPPING: { code: 'producer_fenced' },
  TOPIC_AUTHORIZATION_FAILED: { code: 'not_authorized', hint: "Grant this client's principal access to the topic." },
  GROUP_AUTHORIZATION_FAILED: { code: 'not_authorized', hint: "Grant this client's principal access to the group." },
  CLUSTER_AUTHORIZATION_FAILED: {
    code: 'not_authorized',
    hint: "Grant this client's principal access to the cluster.",
  },
  SASL_AUTHENTICATION_FAILED: { code: 'authentication_failed', hint: 'Check the user name and password.' },
  UNSUPPORTED_SASL_MECHANISM: { code: 'authentication_failed', hint: 'The broker offers other SASL mechanisms.' },
  REBALANCE_IN_PROGRESS: { code: 'group_rebalancing', retryable: true },
  INVALID_SESSION_TIMEOUT: {
    code: 'invalid_option',
    hint: 'Brokers take a session timeout from group.min.session.timeout.ms (6,000) to group.max.session.timeout.ms.',
  },
  UNKNOWN_MEMBER_ID: { code: 'membership_lost', retryable: true },
  ILLEGAL_GENERATION: { code: 'membership_lost', retryable: true },
  FENCED_INSTANCE_ID: { code: 'membership_lost' },
  NOT_COORDINATOR_FOR_GROUP: { code: 'coordinator_unavailable', retryable: true },
  GROUP_COORDINATOR_NOT_AVAILABLE: { code: 'coordinator_unavailable', retryable: true },
  GROUP_LOAD_IN_PROGRESS: { code: 'coordinator_unavailable', retryable: true },
};

/** Connection errors that happen before a request can have been written. */
const neverSent = new Set<unknown>(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/**
 * An error of kafkajs in this package's words.
 *
 * @param doing what failed, as the start of a sentence.
 * @param writing whether a produce request was on its way, so that a lost connection leaves doubt.
 */
export function translateError(thrown: unknown, doing: string, writing = false): KafkaClientError {
  if (thrown instanceof KafkaClientError) return thrown;
  if (!(thrown instanceof Error)) {
    return new KafkaClientError(`${doing}: ${String(thrown)}`, { code: 'broker_error', cause: thrown });
  }
  const error = rootOf(thrown as KafkajsError);
  const say = (meaning: Meaning): KafkaClientError =>
    new KafkaClientError(`${doing}: ${error.message}.${meaning.hint ? ` ${meaning.hint}` : ''}`.replace('..', '.'), {
      code: meaning.code,
      retryable: meaning.retryable ?? false,
      possiblyWritten: meaning.possiblyWritten ?? false,
      cause: thrown,
    });

  const known = error.type === undefined ? undefined : meanings[error.type];
  if (known) return say(known);
  switch (error.name) {
    case 'KafkaJSConnectionError':
    case 'KafkaJSConnectionClosedError': {
      const unsent =
        neverSent.has(error.code) || error.message === 'Not connected' || error.message === 'Connection timeout';
      const where = error.broker ? ` (${error.broker})` : '';
      return say({
        code: 'connection_failed',
        retryable: true,
        possiblyWritten: writing && !unsent,
        hint: `Check that the broker${where} is up and that this is its address.`,
      });
    }
    case 'KafkaJSRequestTimeoutError':
      return say({ code: 'request_timeout', retryable: true, possiblyWritten: writing });
    case 'KafkaJSBrokerNotFound':
    case 'KafkaJSMetadataNotLoaded':
    case 'KafkaJSTopicMetadataNotLoaded':
    case 'KafkaJSLockTimeout':
    case 'KafkaJSGroupCoordinatorNotFound':
      return say({ code: 'connection_failed', retryable: true });
    // The topic has partitions that the assignment does not know: the group has to be joined again.
    case 'KafkaJSStaleTopicMetadataAssignment':
      return say({ code: 'group_rebalancing', retryable: true });
    case 'KafkaJSSASLAuthenticationError':
      return say({ code: 'authentication_failed', hint: 'Check the SASL mechanism, user name and password.' });
    case 'KafkaJSNotImplemented':
      return say({ code: 'codec_missing', hint: 'Install its codec; the README lists them.' });
    default:
      return say({
        code: 'broker_error',
        retryable: error.retriable ?? false,
        possiblyWritten: writing && !error.type,
      });
  }
}

/** The error that a code of the protocol stands for. */
export function translateErrorCode(code: number, doing: string): KafkaClientError {
  return translateError(kafkajsInternals().createErrorFromCode(code), doing);
}

/** kafkajs wraps what happened in "number of retries exceeded" and retriable errors. */
function rootOf(error: KafkajsError): KafkajsError {
  let root = error;
  for (let depth = 0; depth < 10; depth += 1) {
    const cause = root.cause;
    if (root.type !== undefined || !(cause instanceof Error)) break;
    root = cause as KafkajsError;
  }
  return root;
}
