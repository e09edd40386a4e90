import { NaruError } from '@naru/core';

/** Exit codes of `naru`, the same for every command. */
export const exitCodes = { done: 0, failed: 1, usage: 2, unreachable: 3, interrupted: 130 } as const;

/** How a command can end other than well; the `code` of its error. */
export type FailureKind = Exclude<keyof typeof exitCodes, 'done'>;

/** Ends a command with a message and an exit code. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly code: FailureKind;
  readonly exitCode: number;

  constructor(kind: FailureKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = kind;
    this.exitCode = exitCodes[kind];
  }
}

/** Codes of our packages for servers that are not there, or that do not let us in. */
const awayCodes: ReadonlySet<string> = new Set([
  'connection_failed',
  'request_timeout',
  'delivery_timeout',
  'authentication_failed',
  'not_authorized',
  'coordinator_unavailable',
  'unavailable',
  'timeout',
  'denied',
  'store_unavailable',
  'unreachable',
  'unauthorized',
  'forbidden',
  'server_error',
  'read_incomplete',
]);

/** The exit code of whatever a command threw. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommandFailure) return error.exitCode;
  if (error instanceof NaruError && error.code === 'start_aborted') return exitCodes.interrupted;
  return isAway(error) ? exitCodes.unreachable : exitCodes.failed;
}

/** Whether a server could not be reached, or did not let us in. */
function isAway(error: unknown): boolean {
  return (
    error instanceof NaruError && (awayCodes.has(error.code) || (error.code === 'start_failed' && error.retryable))
  );
}
