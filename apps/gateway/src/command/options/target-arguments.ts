import { isMarketCode, type RequestType, requestTypes, type Target } from '@naru/core';
import { type ExchangeAdapter, exchanges } from '@naru/exchanges';
import { Argument, type Command } from 'commander';
import { CommandFailure } from '../ending/command-failure.js';

/** Adds the two arguments that name a target; what they may be is in the help and in the completion. */
export function withTargetArguments(command: Command): Command {
  return command
    .addArgument(new Argument('<exchange>', 'where the market is').choices(exchanges.names))
    .addArgument(new Argument('<kind>', 'what the stream carries').choices(requestTypes));
}

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

/** Refuses what no gateway could stream, before it is sent there. */
export function checkSymbols(symbols: readonly string[]): void {
  const wrong = symbols.filter((symbol) => !isMarketCode(symbol));
  if (wrong.length === 0) return;
  throw new CommandFailure(
    'usage',
    `${wrong.join(', ')}: no market code. Write QUOTE-BASE in upper case, such as KRW-BTC.`,
  );
}
