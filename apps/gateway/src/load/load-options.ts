import type { RequestType } from '@naru/core';
import type { GatewayConfig } from '../config/gateway-config.js';

/** What a load run is asked for. */
export interface LoadOptions {
  /**
   * The gateway's configuration. An embedded broker runs in a process of its own. What real streams have, the run has
   * for itself: topics, groups, connection state, hosts.
   */
  readonly config: GatewayConfig;
  /** Ticks a second; undefined looks for the most that is sustained. */
  readonly rate: number | undefined;
  /** Seconds that are measured, at every rate. */
  readonly seconds: number;
  /** Markets over all exchanges; each has every kind of data. */
  readonly markets: number;
  readonly kinds: readonly RequestType[];
  readonly seed: number;
  /** The wait from receipt to acknowledgement that 1 % may exceed for a rate to count as sustained, in ms. */
  readonly maxP99Ms: number;
  /** Leave the topics of the run when it is over. */
  readonly keepTopics: boolean;
  /** Folder for a processor profile of the gateway. */
  readonly profile: string | undefined;
}

/** Bounds of what can be asked for: a run ends, and fits into a machine. */
export const loadLimits = {
  rate: { least: 1, most: 1_000_000 },
  seconds: { least: 1, most: 3_600 },
  markets: { least: 1, most: 5_000 },
} as const;
