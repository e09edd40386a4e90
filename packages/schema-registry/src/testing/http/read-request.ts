import type { SchemaReference } from '../../client/types.js';
import { failures } from '../store/registry-failure.js';
import type { SchemaRequest, VersionSelector } from '../store/registry-store.js';
import type { RouteRequest } from './route.js';

const maxVersion = 2 ** 31 - 1;

/** `latest`, its old spelling −1, or a version from 1. */
export function readVersion(text: string): VersionSelector {
  if (text === 'latest' || text === '-1') return 'latest';
  const version = Number(text);
  if (!/^\d+$/.test(text) || version < 1 || version > maxVersion) throw failures.invalidVersion(text);
  return version;
}

export function readFlag({ query }: RouteRequest, name: string): boolean {
  return query.get(name) === 'true';
}

/** The part of a listing that was asked for. */
export function readPage<T>({ query }: RouteRequest, items: readonly T[]): readonly T[] {
  const offset = Math.max(0, Number(query.get('offset') ?? 0) || 0);
  const limit = Number(query.get('limit') ?? -1);
  return items.slice(offset, limit >= 0 ? offset + limit : undefined);
}

/** Subjects may not be empty, nor hold control characters, nor be one of the reserved names. */
export function readSubject(request: RouteRequest): string {
  const subject = request.params.subject ?? '';
  if (subject === '' || /\p{Cc}/u.test(subject) || subject === '__GLOBAL' || subject === '__EMPTY') {
    throw failures.invalidSubject(subject);
  }
  return subject;
}

export function readSchemaRequest(request: RouteRequest): SchemaRequest {
  const body = readObject(request.body);
  const { schema, schemaType, references, id, version } = body;
  if (typeof schema !== 'string' || schema.trim() === '') throw failures.invalidSchema('Empty schema');
  return {
    schema,
    schemaType: typeof schemaType === 'string' ? schemaType : 'AVRO',
    references: Array.isArray(references) ? references.map(readReference) : [],
    normalize: readFlag(request, 'normalize'),
    id: readPositive(id),
    version: readPositive(version),
  };
}

export function readObject(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw failures.unprocessable('The body is not a JSON object');
}

function readReference(json: unknown): SchemaReference {
  const { name, subject, version } = readObject(json);
  if (typeof name !== 'string' || typeof subject !== 'string' || !Number.isSafeInteger(version)) {
    throw failures.unprocessable('A reference needs name, subject and version');
  }
  return { name, subject, version: version as number };
}

/** Clients send 0 or −1 for "none". */
function readPositive(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : undefined;
}
