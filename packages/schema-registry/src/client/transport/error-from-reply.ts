import { SchemaRegistryError, type SchemaRegistryErrorCode } from '../../registry-error.js';
import type { HttpReply } from './http.js';

/** What a code of the registry means here, and what to do about it. */
const byErrorCode: Readonly<Record<number, readonly [SchemaRegistryErrorCode, string]>> = {
  40401: ['subject_not_found', 'Register a schema under that subject first, or check its spelling.'],
  40402: ['version_not_found', 'List the versions of the subject.'],
  40403: ['schema_not_found', 'Check that this is the registry which the data was written with.'],
  40404: ['subject_soft_deleted', 'Register again to bring it back, or delete it permanently.'],
  40405: ['subject_not_soft_deleted', 'Delete it without "permanent" first.'],
  40406: ['version_soft_deleted', 'Delete it permanently, or leave it.'],
  40407: ['version_not_soft_deleted', 'Delete it without "permanent" first.'],
  40408: ['config_not_found', 'Set a level for the subject, or ask with defaultToGlobal.'],
  40409: ['mode_not_found', 'Set a mode for the subject, or ask with defaultToGlobal.'],
  42201: ['invalid_schema', 'Correct the schema.'],
  42202: ['invalid_version', 'Versions are whole numbers from 1, or "latest".'],
  42203: ['invalid_compatibility_level', 'Use one of the seven compatibility levels.'],
  42204: ['invalid_mode', 'Use READWRITE, READONLY, READONLY_OVERRIDE or IMPORT.'],
  42205: ['operation_not_permitted', 'Check the mode of the subject.'],
  42206: ['reference_exists', 'Delete the schemas that refer to it first.'],
  42207: ['id_conflict', 'Another schema has this id; import with a free one.'],
  42208: ['invalid_subject', 'Use another subject name.'],
};

const byStatus: Readonly<Record<number, readonly [SchemaRegistryErrorCode, string]>> = {
  401: ['unauthorized', 'Check the credentials in "auth".'],
  403: ['forbidden', 'Ask for access to this subject, or use other credentials in "auth".'],
  404: ['not_found', 'Check the address, its path prefix included.'],
  408: ['timeout', 'Try again.'],
  409: [
    'incompatible',
    'Compare with checkCompatibility, or use another subject; the compatibility level is untouched.',
  ],
  422: ['unprocessable', 'Correct the request.'],
  429: ['rate_limited', 'Send fewer requests.'],
};

/** Another address, or another attempt, may do better. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** The error for an answer that is not a success. */
export function errorFromReply(asked: string, reply: HttpReply): SchemaRegistryError {
  const { errorCode, message } = readBody(reply.body);
  const [code, advice] =
    (errorCode === undefined ? undefined : byErrorCode[errorCode]) ??
    byStatus[reply.status] ??
    (reply.status >= 500
      ? (['server_error', "Try again; if it lasts, look at the registry's log."] as const)
      : (['rejected', 'Correct the request.'] as const));
  const number =
    errorCode === undefined || errorCode === reply.status ? `${reply.status}` : `${reply.status}, ${errorCode}`;
  const said = message ? `: ${message.replace(/[.\s]+$/, '')}` : '';
  return new SchemaRegistryError(`${asked} failed (${number})${said}. ${advice}`, {
    code,
    status: reply.status,
    errorCode,
    retryable: isTransient(reply.status),
  });
}

const maxMessage = 2_000;

function readBody(body: string): { errorCode?: number; message?: string } {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return {};
  }
  if (typeof json !== 'object' || json === null) return {};
  const { error_code: errorCode, message } = json as Record<string, unknown>;
  return {
    ...(typeof errorCode === 'number' ? { errorCode } : {}),
    ...(typeof message === 'string' ? { message: message.slice(0, maxMessage) } : {}),
  };
}
