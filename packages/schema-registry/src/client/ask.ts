import { SchemaRegistryError } from '../registry-error.js';
import { readJson } from './answers.js';
import type { RegistryRequest, Transport } from './transport/transport.js';

export type Query = RegistryRequest['query'];

export interface Question extends Omit<RegistryRequest, 'method' | 'path' | 'signals'> {
  /** Of the caller; the client's own is always heard. */
  readonly signal?: AbortSignal | undefined;
}

/** Sends a request and reads its answer. */
export type Ask = <T>(
  method: RegistryRequest['method'],
  path: RegistryRequest['path'],
  read: (json: unknown, text: string) => T | undefined,
  question?: Question,
) => Promise<T>;

/** @param closing Aborts when the client closes. */
export function createAsk(transport: Transport, closing: AbortSignal): Ask {
  return async (method, path, read, { signal, ...question } = {}) => {
    if (closing.aborted) throw closedError();
    const signals = signal ? [closing, signal] : [closing];
    try {
      const text = await transport.send({ ...question, method, path, signals });
      return readJson(`${method} /${path.join('/')}`, text, read);
    } catch (error) {
      if (closing.aborted && error instanceof SchemaRegistryError && error.code === 'aborted') throw closedError();
      throw error;
    }
  };
}

function closedError(): SchemaRegistryError {
  return new SchemaRegistryError('The schema registry client is closed. Create another one.', { code: 'closed' });
}
