import type { RequestType, Target } from '@naru/core';
import { type ExchangeAdapter, exchanges } from '@naru/exchanges';
import { CommandFailure } from './command-failure.js';

/** The target that an exchange and a kind of data name, with the exchange's adapter. */
export function readTarget(
  exchange: string,
  kind: string,
): { readonly target: Target; readonly adapter: ExchangeAdapter } {
  if (!exchanges.supports(exchange, kind)) {
    throw new CommandFailure('usage', `${exchange} with ${kind} is not supported; "naru exchanges" lists what is.`);
  }
  const adapter = exchanges.get(exchange);
  return { adapter, target: { exchange, region: adapter.region, request_type: kind as RequestType } };
}
