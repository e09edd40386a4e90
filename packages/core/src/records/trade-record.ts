import Type, { type Static } from 'typebox';
import { amountField, codeField, fxFields, streamTypeField, unixSecondsField } from './record-fields.js';

/** The taker's side: 1 bought, -1 sold, 0 unknown. */
export const sides = [1, -1, 0] as const;
export type Side = (typeof sides)[number];

/**
 * One execution. `trade_amount` = price × volume. `sequential_id` is the exchange's own id, digit for digit:
 * several exchanges go beyond 2^53.
 */
export const tradeRecordSchema = Type.Object(
  {
    code: codeField,
    trade_timestamp: unixSecondsField,
    trade_price: Type.Number({ exclusiveMinimum: 0 }),
    trade_volume: Type.Number({ exclusiveMinimum: 0 }),
    ask_bid: Type.Enum(sides),
    sequential_id: Type.String({ minLength: 1 }),
    trade_amount: amountField,
    stream_type: Type.Optional(streamTypeField),
    received_at: unixSecondsField,
    trade_price_krw: Type.Optional(amountField),
    trade_amount_krw: Type.Optional(amountField),
    ...fxFields,
  },
  { additionalProperties: false },
);
export type TradeRecord = Static<typeof tradeRecordSchema>;
