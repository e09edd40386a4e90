import { ErrorCode } from '../../wire/error-codes.js';

/** Older versions of an API know a fenced producer only by its invalid epoch. */
export function fencedAs(errorCode: number, apiVersion: number, firstVersionWithFenced: number): number {
  const isUnknownToClient = errorCode === ErrorCode.PRODUCER_FENCED && apiVersion < firstVersionWithFenced;
  return isUnknownToClient ? ErrorCode.INVALID_PRODUCER_EPOCH : errorCode;
}
