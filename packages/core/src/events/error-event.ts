import Type, { type Static } from 'typebox';
import { errorCodeSchema, errorDomainSchema } from '../errors/error-taxonomy.js';
import { type Target, targetKey, targetSchema } from '../records/target.js';
import { type EventContext, eventSchemaVersion, stamp, ticketIdField, timestampUtcField } from './event-context.js';
import { eventMetaSchema } from './event-meta.js';

/** Something failed: on `ws.error`. */
export const errorEventSchema = Type.Object(
  {
    action: Type.Literal('error'),
    ticket_id: ticketIdField,
    timestamp_utc: timestampUtcField,
    /** Absent where the failure belongs to no stream, such as a message that is not JSON. */
    target: Type.Optional(targetSchema),
    error: Type.Object(
      {
        error_domain: errorDomainSchema,
        error_code: errorCodeSchema,
        error_message: Type.Record(Type.String(), Type.Unknown()),
      },
      { additionalProperties: false },
    ),
    meta: eventMetaSchema,
  },
  { additionalProperties: false },
);
export type ErrorEvent = Static<typeof errorEventSchema>;

export interface ErrorEventInput {
  readonly target?: Target | undefined;
  readonly error: ErrorEvent['error'];
  readonly correlationId?: string | undefined;
  /** What was at hand when it failed. It is published: no secrets. */
  readonly context?: Readonly<Record<string, unknown>> | undefined;
}

export function createErrorEvent(input: ErrorEventInput, context?: EventContext): ErrorEvent {
  const { target, correlationId, context: rawContext } = input;
  return {
    action: 'error',
    ...stamp(context),
    ...(target && { target }),
    error: input.error,
    meta: {
      schema_version: eventSchemaVersion,
      ...(correlationId !== undefined && { correlation_id: correlationId }),
      ...(target && { observed_key: targetKey(target) }),
      ...(rawContext && { raw_context: { ...rawContext } }),
    },
  };
}
