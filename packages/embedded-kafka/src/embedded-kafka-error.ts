/** Every error this package throws at its caller; branch on `code`. */
export class EmbeddedKafkaError extends Error {
  override name = 'EmbeddedKafkaError';
  /** Stable, lower-case identifier such as `invalid_option`. */
  readonly code: string;
  /** Whether the same call may succeed later without a change. */
  readonly retryable: boolean;

  constructor(
    message: string,
    options: { readonly code: string; readonly retryable?: boolean; readonly cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.retryable = options.retryable ?? false;
  }
}
