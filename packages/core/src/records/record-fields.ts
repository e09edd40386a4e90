import Type from 'typebox';
import { marketCodePattern } from './market-code.js';

/** `QUOTE-BASE`, upper case. */
export const codeField = Type.String({ pattern: marketCodePattern, description: 'market code QUOTE-BASE' });

/** Unix seconds with a fraction, millisecond precision or better. */
export const unixSecondsField = Type.Number({ minimum: 0, description: 'Unix seconds with a fraction' });

/** A price or a size that may be zero, such as the volume of a quiet market. */
export const amountField = Type.Number({ minimum: 0 });

/** History that an exchange replays on subscribing is `SNAPSHOT`, never `REALTIME`. */
export const streamTypes = ['SNAPSHOT', 'REALTIME'] as const;
export type StreamType = (typeof streamTypes)[number];
export const streamTypeField = Type.Enum(streamTypes);

/** The rate that the `*_krw` fields of the same record were computed with. */
export const fxFields = {
  fx_rate_usd_krw: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  fx_rate_source: Type.Optional(Type.String({ minLength: 1 })),
  fx_rate_ts: Type.Optional(unixSecondsField),
};
