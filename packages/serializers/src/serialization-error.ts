import { NaruError } from '@naru/core';

export type SerializationErrorCode =
  /** The value does not fit the schema; `path` says where. */
  | 'invalid_value'
  /** The schema itself cannot be used. */
  | 'invalid_schema'
  /** The bytes are not what the schema describes; `path` says where. */
  | 'invalid_bytes'
  /** The bytes ask for more than the guard allows; `path` says where. */
  | 'guard_limit'
  /** The bytes carry no frame, or one of an unknown kind. */
  | 'invalid_frame'
  /** `decode` met a writer schema that `prepare` has not fetched. */
  | 'schema_not_prepared'
  /** No reader can be derived from the writer's schema. */
  | 'incompatible_schema'
  /** The source of schemas did not answer. */
  | 'schema_unavailable'
  | 'invalid_option'
  /** The off-loading queue is full, or closed. */
  | 'queue_full'
  | 'closed'
  /** A worker thread ended before its work was done. */
  | 'worker_failed';

export interface SerializationErrorOptions {
  readonly code: SerializationErrorCode;
  readonly retryable?: boolean;
  readonly cause?: unknown;
  /** JSON pointer of the failing field; absent where no single field is to blame. */
  readonly path?: string | undefined;
  /** Byte offset in the message at which reading failed. */
  readonly offset?: number | undefined;
}

/** Every error of this package. */
export class SerializationError extends NaruError {
  override readonly name = 'SerializationError';
  declare readonly code: SerializationErrorCode;
  readonly path: string | undefined;
  readonly offset: number | undefined;

  constructor(message: string, options: SerializationErrorOptions) {
    super(message, options);
    this.path = options.path;
    this.offset = options.offset;
  }
}

/** The JSON pointer (RFC 6901) of a path of field names and indices. */
export function pointerOf(path: readonly (string | number)[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
