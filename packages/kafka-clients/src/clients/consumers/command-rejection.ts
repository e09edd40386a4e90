import type { CheckFailure } from '@naru/core';
import { KafkaClientError } from '../../kafka-client-error.js';

/** A hostile command has thousands. */
const maxKept = 100;

/** A command that can never be carried out as it is: it goes to the dead letters at once. */
export class CommandRejection extends KafkaClientError {
  /** The JSON pointer of each failure, of the first hundred; empty when the message is not JSON. */
  readonly failures: readonly CheckFailure[];

  constructor(message: string, failures: readonly CheckFailure[], cause?: unknown) {
    super(message, { code: 'invalid_message', cause });
    this.failures = failures.slice(0, maxKept);
    // Loggers write what they can enumerate; the message says the first few already.
    Object.defineProperty(this, 'failures', { enumerable: false });
  }
}
