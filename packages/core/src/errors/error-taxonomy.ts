import Type from 'typebox';

/** Which part of the house an error belongs to. */
export const errorDomains = [
  'connection',
  'protocol',
  'payload',
  'deserialization',
  'orchestrator',
  'cache',
  'unknown',
] as const;
export type ErrorDomain = (typeof errorDomains)[number];
export const errorDomainSchema = Type.Enum(errorDomains);

/** What went wrong, for machines. */
export const errorCodes = [
  'already_connected',
  'connect_failed',
  'disconnect_failed',
  'invalid_schema',
  'missing_field',
  'deserialization_error',
  'orchestrator_error',
  'cache_conflict',
  'dlq_publish_failed',
  'unknown_error',
] as const;
export type ErrorCode = (typeof errorCodes)[number];
export const errorCodeSchema = Type.Enum(errorCodes);
