import Type, { type Static } from 'typebox';
import { type Target, targetKey, targetSchema } from '../records/target.js';
import { type EventContext, eventSchemaVersion, stamp, ticketIdField, timestampUtcField } from './event-context.js';

/** One per symbol, once the exchange confirmed the subscription. */
export const connectSuccessSchema = Type.Object(
  {
    action: Type.Literal('connect_success'),
    ack: Type.Literal('clear'),
    ticket_id: ticketIdField,
    timestamp_utc: timestampUtcField,
    target: targetSchema,
    symbol: Type.String({ minLength: 1 }),
    meta: Type.Object(
      {
        schema_version: Type.String({ minLength: 1 }),
        /** Of the command that asked; the event's own ticket_id where the command had none. */
        correlation_id: Type.String({ minLength: 1 }),
        observed_key: Type.String({ minLength: 1, description: 'exchange/region/request_type' }),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);
export type ConnectSuccess = Static<typeof connectSuccessSchema>;

export interface ConnectSuccessInput {
  readonly target: Target;
  readonly symbol: string;
  readonly correlationId?: string | undefined;
}

export function createConnectSuccess(input: ConnectSuccessInput, context?: EventContext): ConnectSuccess {
  const stamped = stamp(context);
  return {
    action: 'connect_success',
    ack: 'clear',
    ...stamped,
    target: input.target,
    symbol: input.symbol,
    meta: {
      schema_version: eventSchemaVersion,
      correlation_id: input.correlationId ?? stamped.ticket_id,
      observed_key: targetKey(input.target),
    },
  };
}
