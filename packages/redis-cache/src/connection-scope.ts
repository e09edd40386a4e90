import { invalidArgument } from './redis-cache-error.js';

/** What one stream is about: one exchange, in one region, for one kind of data. */
export interface ConnectionScope {
  readonly exchange: string;
  readonly region: string;
  readonly request_type: string;
}

// No separators (`:` `/`), no braces (they would move the key's cluster slot), no spaces or control characters.
const part = /^[A-Za-z0-9._-]{1,64}$/;

/** Throws `invalid_argument` unless every part of the scope can stand in a key. */
export function checkScope(scope: ConnectionScope): void {
  for (const name of ['exchange', 'region', 'request_type'] as const) {
    const value: unknown = scope?.[name];
    if (typeof value !== 'string' || !part.test(value)) {
      throw invalidArgument(`scope.${name}`, value, '1 to 64 letters, digits, dots, dashes or underscores');
    }
  }
}

/** `exchange/region/request_type`. */
export function scopeKey(scope: ConnectionScope): string {
  return `${scope.exchange}/${scope.region}/${scope.request_type}`;
}

/** The scope behind `exchange/region/request_type`, or undefined when the text is not one. */
export function parseScopeKey(key: string): ConnectionScope | undefined {
  const [exchange, region, request_type, ...rest] = key.split('/');
  if (!exchange || !region || !request_type || rest.length > 0) return undefined;
  return { exchange, region, request_type };
}
