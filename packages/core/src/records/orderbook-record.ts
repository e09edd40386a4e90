import Type, { type Static } from 'typebox';
import { amountField, codeField, fxFields, streamTypeField, unixSecondsField } from './record-fields.js';

/** `[price, size]`. */
export const bookLevelSchema = Type.Tuple([amountField, amountField]);
export type BookLevel = Static<typeof bookLevelSchema>;

const levels = Type.Array(bookLevelSchema);

/** The book of a market, best price first on both sides. `sequence` is the exchange's own, digit for digit. */
export const orderbookRecordSchema = Type.Object(
  {
    code: codeField,
    timestamp: unixSecondsField,
    asks: levels,
    bids: levels,
    stream_type: streamTypeField,
    sequence: Type.Optional(Type.String({ minLength: 1 })),
    received_at: unixSecondsField,
    asks_krw: Type.Optional(levels),
    bids_krw: Type.Optional(levels),
    ...fxFields,
  },
  { additionalProperties: false },
);
export type OrderbookRecord = Static<typeof orderbookRecordSchema>;
