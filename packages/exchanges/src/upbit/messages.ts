import type { RequestType } from '@naru/core';
import type { Outgoing } from '../adapter.js';
import type { MarketChange } from '../session/markets.js';

/**
 * One request carries the whole list and replaces what the socket had:
 *
 *     [{"ticket":"…"},{"type":"ticker","codes":["KRW-BTC",…]},{"format":"DEFAULT"}]
 *
 * There is no message for an empty list, so removing everything sends nothing: close the socket instead. Frames that
 * still arrive for removed markets are passed over.
 */
export function replaceList(kind: RequestType, change: MarketChange): Outgoing[] {
  if (change.all.length === 0 || (change.added.length === 0 && change.removed.length === 0)) return [];
  const codes = change.all.map((market) => market.wire);
  return [{ payload: JSON.stringify([{ ticket: `naru-${kind}` }, { type: kind, codes }, { format: 'DEFAULT' }]) }];
}
