import { NaruError, type NaruErrorOptions } from '@naru/core';
import type { VersionIncompatibility } from './avro/compatibility.js';

/** What a {@link SchemaRegistryError} can be about. */
export type SchemaRegistryErrorCode =
  | 'aborted'
  | 'closed'
  | 'config_not_found'
  | 'cyclic_reference'
  | 'forbidden'
  | 'id_conflict'
  | 'incompatible'
  | 'invalid_argument'
  | 'invalid_compatibility_level'
  | 'invalid_directory'
  | 'invalid_mode'
  | 'invalid_response'
  | 'invalid_schema'
  | 'invalid_subject'
  | 'invalid_version'
  | 'mode_not_found'
  | 'not_found'
  | 'operation_not_permitted'
  | 'preflight_failed'
  | 'rate_limited'
  | 'reference_exists'
  | 'rejected'
  | 'response_too_large'
  | 'rule_set_refused'
  | 'schema_not_found'
  | 'server_error'
  | 'source_unreadable'
  | 'subject_not_found'
  | 'subject_not_soft_deleted'
  | 'subject_soft_deleted'
  | 'timeout'
  | 'unauthorized'
  | 'unprocessable'
  | 'unreachable'
  | 'version_not_found'
  | 'version_not_soft_deleted'
  | 'version_soft_deleted';

/** What stands in the way of one subject. */
export interface SubjectProblem {
  readonly subject: string;
  readonly message: string;
  /** When the schema is incompatible with what the subject holds. */
  readonly incompatibilities?: readonly VersionIncompatibility[];
}

export interface SchemaRegistryErrorOptions extends NaruErrorOptions {
  readonly code: SchemaRegistryErrorCode;
  /** HTTP status, when a registry answered. */
  readonly status?: number | undefined;
  /** The registry's own `error_code`, such as 40401, when it gave one. */
  readonly errorCode?: number | undefined;
  /** With `preflight_failed`. */
  readonly problems?: readonly SubjectProblem[];
}

/**
 * Every failure of this package. Branch on `code`; `status` and `errorCode` are there when a registry answered.
 * `retryable` is true for `unreachable`, `timeout`, `rate_limited` and `server_error`.
 */
export class SchemaRegistryError extends NaruError {
  override name = 'SchemaRegistryError';
  declare readonly code: SchemaRegistryErrorCode;
  readonly status: number | undefined;
  readonly errorCode: number | undefined;
  /** Every subject that is not ready, with `preflight_failed`; empty otherwise. */
  readonly problems: readonly SubjectProblem[];

  constructor(message: string, options: SchemaRegistryErrorOptions) {
    super(message, options);
    this.status = options.status;
    this.errorCode = options.errorCode;
    this.problems = options.problems ?? [];
  }
}
