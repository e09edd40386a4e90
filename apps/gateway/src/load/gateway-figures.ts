import type { Target } from '@naru/core';
import type { Accounts } from '../publishing/accounts.js';
import type { LatencyDistribution } from '../publishing/latency.js';

/** What the gateway's process says of itself when it is asked. */
export interface GatewayFigures {
  readonly accounts: Accounts;
  /** Of the records acknowledged since the last `mark`. */
  readonly latency: LatencyDistribution | null;
  readonly symbols: { readonly wanted: number; readonly confirmed: number };
  readonly parse_failures: number;
  readonly reconnects: number;
  readonly cpu_us: number;
  readonly rss_bytes: number;
  /** Of the heap, after the last full collection; null before the first. */
  readonly live_heap_bytes: number | null;
  /** Delay of the event loop since the last answer, in ms. */
  readonly event_loop_ms: { readonly p99: number; readonly max: number };
}

export interface TargetAccounts {
  readonly target: Target;
  readonly accounts: Accounts;
}

/** Argument that makes the process wait for its configuration: the first message. Without it the environment has it. */
export const configIsSent = '--config-is-sent';

/** Asked over the channel between the processes; the answer carries the same `id`. */
export type GatewayQuestion = { readonly id: number; readonly ask: 'figures' | 'targets' | 'mark' };

export interface GatewayAnswer {
  readonly id: number;
  readonly answer: GatewayFigures | readonly TargetAccounts[] | null;
}
