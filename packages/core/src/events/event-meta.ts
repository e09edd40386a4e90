import Type, { type Static } from 'typebox';

/** What relates an event to the command it answers and to the stream it was seen on. */
export const eventMetaSchema = Type.Object(
  {
    schema_version: Type.String({ minLength: 1 }),
    correlation_id: Type.Optional(Type.String({ minLength: 1 })),
    observed_key: Type.Optional(Type.String({ minLength: 1, description: 'exchange/region/request_type' })),
    raw_context: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  { additionalProperties: false },
);
export type EventMeta = Static<typeof eventMetaSchema>;
