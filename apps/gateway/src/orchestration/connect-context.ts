import type { Target } from '@naru/core';
import type { SubscriptionOutcome } from '../streams/subscription-outcome.js';

/** A command to open a stream or to change its symbols, as it was understood. */
export interface ConnectContext {
  readonly target: Target;
  readonly symbols: readonly string[];
  readonly url: string;
  /** As the command gave them; kept with the connection's state for whoever resumes it. */
  readonly socketParams: object;
  /** Fields to publish; null means all. */
  readonly projection: readonly string[] | null;
  readonly correlationId: string | undefined;
}

/** What a command led to. */
export type ConnectResult =
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'opened' | 'changed'; readonly outcome: SubscriptionOutcome };

/** Nothing was done: another member owns the target, for `expiresInMs` more unless it renews. */
export interface Elsewhere {
  readonly kind: 'elsewhere';
  readonly owner: string;
  readonly expiresInMs: number;
}
