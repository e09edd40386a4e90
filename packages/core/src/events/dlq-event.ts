import Type, { type Static } from 'typebox';
import { type Target, targetKey, targetSchema } from '../records/target.js';
import { type EventContext, eventSchemaVersion, stamp, ticketIdField, timestampUtcField } from './event-context.js';
import { eventMetaSchema } from './event-meta.js';

/** The JSON summary of a dead letter; the message itself travels beside it, byte for byte. */
export const dlqEventSchema = Type.Object(
  {
    action: Type.Literal('dlq'),
    ticket_id: ticketIdField,
    timestamp_utc: timestampUtcField,
    reason: Type.String({ minLength: 1 }),
    target: Type.Optional(targetSchema),
    meta: eventMetaSchema,
    detail_error: Type.Record(Type.String(), Type.Unknown()),
  },
  { additionalProperties: false },
);
export type DlqEvent = Static<typeof dlqEventSchema>;

export interface DlqEventInput {
  readonly reason: string;
  readonly target?: Target | undefined;
  readonly correlationId?: string | undefined;
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
}

export function createDlqEvent(input: DlqEventInput, context?: EventContext): DlqEvent {
  const { target, correlationId } = input;
  return {
    action: 'dlq',
    ...stamp(context),
    reason: input.reason,
    ...(target && { target }),
    meta: {
      schema_version: eventSchemaVersion,
      ...(correlationId !== undefined && { correlation_id: correlationId }),
      ...(target && { observed_key: targetKey(target) }),
    },
    detail_error: { ...input.detail },
  };
}
