import Type, { type Static } from 'typebox';
import { regionSchema, requestTypeSchema } from './exchange.js';

/**
 * One stream of one exchange. The exchange is any lower-case name here: whether it is supported is the
 * gateway's policy and not a matter of form, so that an unknown one can be reported by name.
 */
export const targetSchema = Type.Object(
  {
    exchange: Type.String({ pattern: '^[a-z][a-z0-9_-]{0,63}$', description: 'exchange name in lower case' }),
    region: regionSchema,
    request_type: requestTypeSchema,
  },
  { additionalProperties: false },
);
export type Target = Static<typeof targetSchema>;

/** `exchange/region/request_type`: the name of a scope in the process, in caches and in events. */
export function targetKey(target: Target): string {
  return `${target.exchange}/${target.region}/${target.request_type}`;
}
