import type { FetchedRecord } from '../transport/transport-consumer.js';

/** A record with where it came from. */
export type ReceivedMessage = FetchedRecord;

/** The header's value as text; its first value when it comes several times. */
export function headerText(message: Pick<ReceivedMessage, 'headers'>, name: string): string | undefined {
  const value = message.headers[name];
  const first = Array.isArray(value) ? value[0] : (value as Buffer | undefined);
  return first?.toString();
}
