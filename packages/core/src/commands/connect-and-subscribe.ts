import Type, { type Static } from 'typebox';
import { targetSchema } from '../records/target.js';

/** A moment as senders write it: ISO 8601, Unix milliseconds or Unix seconds. */
export const momentSchema = Type.Union([Type.Number({ minimum: 0 }), Type.String({ format: 'date-time' })]);
export type Moment = Static<typeof momentSchema>;

/** `connect_and_subscribe` on `ws.command`: open a stream, or change the symbols of one that is open. */
export const connectAndSubscribeSchema = Type.Object(
  {
    type: Type.Literal('status'),
    action: Type.Literal('connect_and_subscribe'),
    target: targetSchema,
    symbols: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { minItems: 1, maxItems: 10_000 }),
    connection: Type.Object(
      {
        url: Type.String({ format: 'uri', pattern: '^wss?://', maxLength: 2_048 }),
        socket_params: Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Array(Type.Unknown())]),
      },
      { additionalProperties: false },
    ),
    /** Fields of the normalised record to publish; null and absence mean all. */
    projection: Type.Optional(Type.Union([Type.Array(Type.String({ minLength: 1 }), { minItems: 1 }), Type.Null()])),
    schema_version: Type.Optional(Type.String({ minLength: 1 })),
    /** A command older than this is dropped and reported. Without it a command never grows too old. */
    ttl_ms: Type.Optional(Type.Integer({ exclusiveMinimum: 0 })),
    routing: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    ts_issue: Type.Optional(momentSchema),
    ts_ingest: Type.Optional(momentSchema),
    timestamp: Type.Optional(momentSchema),
    ticket_id: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    correlation_id: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  },
  { additionalProperties: false },
);
export type ConnectAndSubscribe = Static<typeof connectAndSubscribeSchema>;
