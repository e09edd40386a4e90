import { NaruError } from '@naru/core';

export type InfraErrorCode =
  | 'invalid_argument'
  | 'missing_prerequisite'
  | 'download_failed'
  | 'start_failed'
  | 'start_timeout'
  | 'already_running'
  | 'locked'
  | 'invalid_state'
  | 'docker_failed'
  | 'interrupted';

/** What went wrong while servers were brought up or down; the message says what to do next. */
export class InfraError extends NaruError {
  override name = 'InfraError';

  constructor(code: InfraErrorCode, message: string, cause?: unknown) {
    super(message, { code, retryable: code === 'download_failed' || code === 'start_timeout', cause });
  }
}
