import { randomUUID } from 'node:crypto';
import Type from 'typebox';
import { type Clock, systemClock } from '../clock.js';

/** Where events take their ids and times from; tests pass their own. */
export interface EventContext {
  /** Default: the machine's clock. */
  readonly clock?: Pick<Clock, 'now'>;
  /** Default: random UUIDs (version 4). */
  readonly newId?: () => string;
}

export const ticketIdField = Type.String({ format: 'uuid' });
export const timestampUtcField = Type.String({ format: 'date-time', description: 'ISO 8601 in UTC' });

/** What `meta.schema_version` says today. */
export const eventSchemaVersion = '1.0';

/** The id and the time of a new event. */
export function stamp(context: EventContext = {}): { ticket_id: string; timestamp_utc: string } {
  const { clock = systemClock, newId = randomUUID } = context;
  return { ticket_id: newId(), timestamp_utc: new Date(clock.now()).toISOString() };
}
