import { NaruError } from '@naru/core';

/** Codes of `GatewayError`. */
export type GatewayErrorCode =
  | 'invalid_configuration'
  | 'address_not_allowed'
  | 'exchange_not_supported'
  | 'command_expired'
  | 'command_too_large'
  | 'connect_failed'
  | 'subscription_refused'
  | 'proof_timeout'
  | 'records_lost'
  | 'shutting_down'
  | 'ownership_lost'
  | 'owner_unreachable'
  | 'cannot_resume'
  | 'start_failed'
  | 'start_aborted'
  | 'invalid_request'
  | 'read_incomplete';

/** What the gateway itself refuses or fails at. The message says what failed, then what to do. */
export class GatewayError extends NaruError {
  override readonly name = 'GatewayError';
  declare readonly code: GatewayErrorCode;

  constructor(code: GatewayErrorCode, message: string, options: { cause?: unknown; retryable?: boolean } = {}) {
    super(message, { code, ...options });
  }
}
