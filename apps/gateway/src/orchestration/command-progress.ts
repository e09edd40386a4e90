import type { SubscriptionOutcome } from '../streams/subscription-outcome.js';
import type { ConnectResult } from './connect-context.js';

/** A step of a command, as whoever takes it tells of it. */
export type CommandStep =
  /** Read from Kafka in a form that is known. */
  | { readonly step: 'received'; readonly action: string; readonly target: string; readonly from: string }
  /** Symbols, fields, exchange and address are such as can be carried out. */
  | { readonly step: 'validated' }
  /** Another member owns the target and is asked. */
  | { readonly step: 'forwarded'; readonly owner: string }
  /** This member holds the target's lease. */
  | { readonly step: 'owned'; readonly leaseToken: number }
  /** A socket to the exchange is open: the `socket`th of its connection. */
  | { readonly step: 'dialled'; readonly connection: string; readonly socket: number }
  /** The exchange proved these symbols. */
  | { readonly step: 'proved'; readonly symbols: readonly string[] }
  | { readonly step: 'refused'; readonly message: string }
  /** Something went wrong that may mend itself, or is about to end the command. */
  | { readonly step: 'trouble'; readonly code: string; readonly message: string }
  | ({ readonly step: 'done'; readonly result: CommandResult } & OutcomeCounts)
  | { readonly step: 'expired' }
  /** It was not decided before this member had to let go of it: another one reads it again. */
  | { readonly step: 'abandoned' }
  | { readonly step: 'dead_lettered'; readonly reason: string };

export type CommandResult = ConnectResult['kind'] | 'ended' | 'nothing_to_end';

/** What became of the symbols, by number. */
export type OutcomeCounts = { readonly [Name in 'confirmed' | 'refused' | 'pending']?: number };

/** Whoever follows commands on their way. Never throws. */
export interface CommandProgress {
  /** @param id the command's correlation id; without one nobody could say whose step it is, and nothing is noted */
  note(id: string | undefined, step: CommandStep): void;
}

/** Nobody follows: the default wherever progress can be told. */
export const unfollowed: CommandProgress = { note: () => {} };

export function doneWith(result: ConnectResult): CommandStep {
  const counts = result.kind === 'duplicate' ? {} : countsOf(result.outcome);
  return { step: 'done', result: result.kind, ...counts };
}

function countsOf({ confirmed, refused, pending }: SubscriptionOutcome): OutcomeCounts {
  return { confirmed: confirmed.length, refused: refused.length, pending: pending.length };
}
