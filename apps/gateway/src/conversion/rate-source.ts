import type { MarketRecord, Target, UsdKrwRate } from '@naru/core';

/** Says what a dollar costs. */
export interface RateSource {
  /** The rate now; undefined while none is known, or the last one is too old to be used. */
  current(): UsdKrwRate | undefined;
  /** Sees every record that this process receives, whole and in order, before it is converted. */
  observe?(target: Target, records: readonly MarketRecord[]): void;
  /** Why there may be no rate and what to do then, for the log. */
  readonly advice: string;
}
