import type { ErrorCode, ErrorDomain } from './error-taxonomy.js';

/** Where an error was caught. */
export type Boundary =
  | 'ws_connection'
  | 'ws_disconnection'
  | 'ws_protocol'
  | 'command'
  | 'deserialization'
  | 'orchestrator'
  | 'cache'
  | 'publish'
  | 'dlq';

/** One line of the classification. The first whose conditions all hold decides. */
export interface ClassificationRule {
  /** Where it was caught; absent means anywhere. */
  readonly boundary?: Boundary;
  /** Any of these: the name of the error's class or of a class it extends, or its `code`. Absent means any error. */
  readonly error?: readonly string[];
  readonly domain: ErrorDomain;
  readonly code: ErrorCode;
  /** Whether trying again can help; `ask` takes the error's own `retryable`, false where it has none. */
  readonly retryable: boolean | 'ask';
}

/** Codes with which the network answers before any protocol is spoken. All of them can pass. */
export const networkErrorCodes: readonly string[] = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'TimeoutError',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_SOCKET',
];

export const classificationRules: readonly ClassificationRule[] = [
  { boundary: 'dlq', domain: 'payload', code: 'dlq_publish_failed', retryable: 'ask' },
  { error: ['already_connected'], domain: 'connection', code: 'already_connected', retryable: false },
  { error: ['cache_conflict'], domain: 'cache', code: 'cache_conflict', retryable: true },
  { error: ['missing_field'], domain: 'payload', code: 'missing_field', retryable: false },
  { error: ['invalid_schema'], domain: 'payload', code: 'invalid_schema', retryable: false },
  { boundary: 'deserialization', domain: 'deserialization', code: 'deserialization_error', retryable: 'ask' },
  {
    error: ['SyntaxError', 'deserialization_error'],
    domain: 'deserialization',
    code: 'deserialization_error',
    retryable: false,
  },
  { boundary: 'command', domain: 'payload', code: 'invalid_schema', retryable: false },
  {
    boundary: 'ws_connection',
    error: networkErrorCodes,
    domain: 'connection',
    code: 'connect_failed',
    retryable: true,
  },
  { boundary: 'ws_connection', domain: 'connection', code: 'connect_failed', retryable: 'ask' },
  { boundary: 'ws_disconnection', domain: 'connection', code: 'disconnect_failed', retryable: 'ask' },
  { boundary: 'ws_protocol', domain: 'protocol', code: 'unknown_error', retryable: 'ask' },
  { boundary: 'cache', error: networkErrorCodes, domain: 'cache', code: 'unknown_error', retryable: true },
  { boundary: 'cache', domain: 'cache', code: 'cache_conflict', retryable: 'ask' },
  { boundary: 'orchestrator', domain: 'orchestrator', code: 'orchestrator_error', retryable: 'ask' },
  { error: networkErrorCodes, domain: 'unknown', code: 'unknown_error', retryable: true },
  { domain: 'unknown', code: 'unknown_error', retryable: 'ask' },
];
