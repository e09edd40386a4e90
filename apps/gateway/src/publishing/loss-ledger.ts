import { type Clock, type Target, targetKey } from '@naru/core';
import type { DropReason } from './accounts.js';
import type { Extent, Mark } from './parcel.js';

/** Records of one market that were lost in one stretch: the gap that a reader of its topic sees. */
export interface Gap {
  readonly target: Target;
  /** Null when more markets lost records than are told apart: then from and to are of no market in particular. */
  readonly symbol: string | null;
  readonly from: Mark;
  readonly to: Mark;
  readonly records: number;
  readonly reason: DropReason;
  readonly message: string;
}

export interface LossLedgerOptions {
  readonly clock: Clock;
  readonly onGap: (gap: Gap) => void;
  /** Whether records are being lost at this time: the gaps stay open. */
  readonly isLosing: () => boolean;
  /** Markets told apart at once. Default 1,000. */
  readonly maxMarkets?: number | undefined;
  /** How long after a loss its gap is told, in milliseconds. Default 1,000. */
  readonly settleMs?: number | undefined;
}

/** Merges what is lost, by market, until the losing is over, and tells each gap once. */
export interface LossLedger {
  add(target: Target, extent: Extent, reason: DropReason, error: Error): void;
  /** Tells every open gap now. */
  flush(): void;
}

export function createLossLedger(options: LossLedgerOptions): LossLedger {
  const { clock, onGap, isLosing, maxMarkets = 1_000, settleMs = 1_000 } = options;
  const open = new Map<string, Gap>();
  let cancel: (() => void) | undefined;

  const flush = (): void => {
    cancel?.();
    cancel = undefined;
    const gaps = [...open.values()];
    open.clear();
    for (const gap of gaps) onGap(gap);
  };
  const arm = (): void => {
    cancel ??= clock.schedule(settleMs, () => {
      cancel = undefined;
      if (isLosing()) arm();
      else flush();
    });
  };

  return {
    add(target, { code, records, first, last }, reason, error) {
      const own = `${targetKey(target)} ${reason} ${code}`;
      const isApart = open.has(own) || open.size < maxMarkets;
      const key = isApart ? own : `${targetKey(target)} ${reason}`;
      const gap = open.get(key);
      open.set(key, {
        target,
        symbol: isApart && code !== '' ? code : null,
        from: gap?.from ?? first,
        to: last,
        records: (gap?.records ?? 0) + records,
        reason,
        message: error.message,
      });
      arm();
    },
    flush,
  };
}
