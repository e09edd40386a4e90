import type { Boundary } from '../errors/classification-rules.js';
import { classifyError } from '../errors/classify-error.js';
import type { ErrorEvent } from './error-event.js';

/** Characters of an error's message that are told: some libraries put whole documents there. */
const maxMessageLength = 2_000;

/** What an error event says of an error caught at a boundary: its class, and in its own words what it is. */
export function describeError(boundary: Boundary, error: unknown): ErrorEvent['error'] {
  const { domain, code, retryable } = classifyError(boundary, error);
  const known = error instanceof Error;
  const message = known ? error.message : String(error);
  return {
    error_domain: domain,
    error_code: code,
    error_message: {
      name: known ? error.name : typeof error,
      ...ownCode(error),
      message: message.slice(0, maxMessageLength),
      kind: boundary,
      retryable,
    },
  };
}

function ownCode(error: unknown): { readonly code?: string } {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? { code } : {};
}
