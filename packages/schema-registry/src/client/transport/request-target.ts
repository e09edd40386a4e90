import { SchemaRegistryError } from '../../registry-error.js';
import type { RegistryRequest } from './transport.js';

/** What comes after the address of a registry. */
export function requestTarget({ path, query }: RegistryRequest): string {
  return `${path.map(encodeSegment).join('/')}${encodeQuery(query)}`;
}

/** Subjects may hold slashes, spaces, percent signs and colons. Lone surrogates and control characters are refused. */
function encodeSegment(segment: string | number): string {
  const text = String(segment);
  if (text === '' || /[\p{Surrogate}\p{Cc}]/u.test(text)) {
    throw new SchemaRegistryError(`${JSON.stringify(segment)} cannot stand in an address. Use another name.`, {
      code: 'invalid_argument',
    });
  }
  // `fetch` would resolve "." and ".." away, even when they are encoded.
  if (text === '.' || text === '..') {
    throw new SchemaRegistryError(`"${text}" cannot be a subject over HTTP. Use another name.`, {
      code: 'invalid_argument',
    });
  }
  return encodeURIComponent(text);
}

function encodeQuery(query: RegistryRequest['query']): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== false);
  const text = new URLSearchParams(given.map(([key, value]): [string, string] => [key, String(value)])).toString();
  return text && `?${text}`;
}
