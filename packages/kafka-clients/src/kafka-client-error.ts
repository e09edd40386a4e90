import { NaruError } from '@naru/core';

/** Everything a caller may branch on. New codes may be added; none changes its meaning. */
export type KafkaClientErrorCode =
  | 'invalid_option'
  | 'invalid_message'
  | 'not_started'
  | 'connection_failed'
  | 'request_timeout'
  | 'authentication_failed'
  | 'not_authorized'
  | 'unknown_topic'
  | 'not_leader'
  | 'not_enough_replicas'
  | 'message_too_large'
  | 'sequence_lost'
  | 'producer_fenced'
  | 'group_rebalancing'
  | 'membership_lost'
  | 'coordinator_unavailable'
  | 'broker_error'
  | 'queue_full'
  | 'dropped'
  | 'delivery_timeout'
  | 'flush_timeout'
  | 'closed'
  | 'codec_missing'
  | 'batch_unreadable'
  | 'handler_failed'
  | 'kill_switch'
  | 'stalled'
  | 'spool_in_use'
  | 'spool_disk_full'
  | 'spool_not_permitted'
  | 'spool_failed';

export interface KafkaClientErrorOptions {
  readonly code: KafkaClientErrorCode;
  readonly retryable?: boolean;
  /** Whether the message may be in the log although this error is reported. Default false. */
  readonly possiblyWritten?: boolean;
  readonly cause?: unknown;
}

/** The one error class of this package; `code` says which failure it is. */
export class KafkaClientError extends NaruError {
  override name = 'KafkaClientError';
  declare readonly code: KafkaClientErrorCode;
  /** True when a broker may have written the message: sending it again may duplicate it. */
  readonly possiblyWritten: boolean;

  constructor(message: string, options: KafkaClientErrorOptions) {
    super(message, options);
    this.possiblyWritten = options.possiblyWritten ?? false;
  }
}

/** `error` itself when it is ours already, else wrapped under `code`. */
export function toKafkaClientError(error: unknown, code: KafkaClientErrorCode = 'broker_error'): KafkaClientError {
  if (error instanceof KafkaClientError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new KafkaClientError(message, { code, cause: error });
}
