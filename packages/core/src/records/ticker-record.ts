import Type, { type Static } from 'typebox';
import { amountField, codeField, fxFields, streamTypeField, unixSecondsField } from './record-fields.js';

/** What open, high, low and volume of a ticker cover: a rolling day, or the day since midnight UTC or KST. */
export const tickerWindows = ['24h', 'utc_day', 'kst_day'] as const;
export type TickerWindow = (typeof tickerWindows)[number];

/**
 * A market's summary. `change_price` = close − prev_close and `change_rate` = change_price / prev_close, both
 * from one window. Prices are in the quote currency, `volume` in the base, `quote_volume` in the quote.
 */
export const tickerRecordSchema = Type.Object(
  {
    code: codeField,
    timestamp: unixSecondsField,
    open: amountField,
    high: amountField,
    low: amountField,
    close: amountField,
    volume: amountField,
    quote_volume: Type.Optional(amountField),
    prev_close: Type.Optional(amountField),
    change_price: Type.Optional(Type.Number()),
    change_rate: Type.Optional(Type.Number()),
    window: Type.Optional(Type.Enum(tickerWindows)),
    stream_type: Type.Optional(streamTypeField),
    received_at: unixSecondsField,
    open_krw: Type.Optional(amountField),
    high_krw: Type.Optional(amountField),
    low_krw: Type.Optional(amountField),
    close_krw: Type.Optional(amountField),
    quote_volume_krw: Type.Optional(amountField),
    prev_close_krw: Type.Optional(amountField),
    change_price_krw: Type.Optional(Type.Number()),
    ...fxFields,
  },
  { additionalProperties: false },
);
export type TickerRecord = Static<typeof tickerRecordSchema>;
