/** Ids are short; anything longer is somebody's payload. */
const maxLength = 200;

/** The correlation id (or ticket) of a message that may be no valid command at all; undefined when it names none. */
export function correlationIdIn(value: Buffer | null): string | undefined {
  if (value === null) return undefined;
  try {
    const body: unknown = JSON.parse(value.toString('utf8'));
    if (typeof body !== 'object' || body === null) return undefined;
    const { correlation_id, ticket_id } = body as Record<string, unknown>;
    return [correlation_id, ticket_id].find((id): id is string => typeof id === 'string' && id.length <= maxLength);
  } catch {
    return undefined;
  }
}
