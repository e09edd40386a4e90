import { SchemaRegistryError } from '../../registry-error.js';
import type { RegistryAuth } from './authorization.js';

export interface BaseUrls {
  /** Without a slash at the end and without credentials. Never empty. */
  readonly urls: readonly string[];
  /** Credentials that stood in an address. */
  readonly auth: RegistryAuth | undefined;
}

/** Checks the addresses and takes credentials out of them, so that they cannot end up in a message. */
export function readBaseUrls(given: string | readonly string[]): BaseUrls {
  const texts = (typeof given === 'string' ? given.split(',') : given).map((text) => text.trim()).filter(Boolean);
  if (texts.length === 0) throw invalid('urls is empty. Give the address of a schema registry.');
  let auth: RegistryAuth | undefined;
  const urls = texts.map((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
      throw invalid(`urls has "${redact(text)}", which is no http or https address.`);
    }
    if (url.search || url.hash) throw invalid(`urls has "${url.origin}${url.pathname}" with a query. Leave that out.`);
    if (url.username)
      auth ??= { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
    return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  });
  return { urls, auth };
}

function redact(text: string): string {
  return text.replace(/\/\/[^@/]*@/, '//***@');
}

function invalid(message: string): SchemaRegistryError {
  return new SchemaRegistryError(message, { code: 'invalid_argument' });
}
