import Type, { type Static } from 'typebox';
import { targetSchema } from '../records/target.js';

/** `disconnect` on `ws.disconnection`: end a stream. */
export const disconnectSchema = Type.Object(
  {
    type: Type.Literal('status'),
    action: Type.Literal('disconnect'),
    target: targetSchema,
    reason: Type.Optional(Type.String({ maxLength: 1_000 })),
    correlation_id: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    meta: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  { additionalProperties: false },
);
export type Disconnect = Static<typeof disconnectSchema>;
