/** What every error of a Naru package carries besides its message. */
export interface NaruErrorOptions {
  /** Stable, lower-case identifier that callers branch on, such as `queue_full`. */
  readonly code: string;
  /** Whether the same call may succeed later without a change. Default false. */
  readonly retryable?: boolean;
  /** The error underneath, when there is one. */
  readonly cause?: unknown;
}

/**
 * Base of every error thrown by a Naru package. The message says what failed and then what to do;
 * `code` is stable across releases, the message is not.
 */
export class NaruError extends Error {
  override name = 'NaruError';
  readonly code: string;
  readonly retryable: boolean;

  constructor(message: string, options: NaruErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.retryable = options.retryable ?? false;
  }
}
