import type { Clock } from '@naru/core';

/** What became of the symbols of one command. */
export interface SubscriptionOutcome {
  readonly confirmed: readonly string[];
  readonly refused: readonly string[];
  /** Neither proved nor refused in time, or the socket was lost before. The stream goes on trying. */
  readonly pending: readonly string[];
  /** Why symbols are pending, when a socket failed. */
  readonly trouble?: Error;
}

/** Watches symbols until each is confirmed or refused, a socket fails, or the time is over. */
export interface SubscriptionWatch {
  confirm(symbols: readonly string[]): void;
  /** Without a symbol: the exchange refused a whole request, so whatever is open is refused. */
  refuse(symbol: string | undefined): void;
  fail(error: Error): void;
  readonly outcome: Promise<SubscriptionOutcome>;
}

export function watchSubscription(symbols: readonly string[], timeoutMs: number, clock: Clock): SubscriptionWatch {
  const pending = new Set(symbols);
  const confirmed: string[] = [];
  const refused: string[] = [];
  let settle: (outcome: SubscriptionOutcome) => void = () => {};
  const outcome = new Promise<SubscriptionOutcome>((resolve) => {
    settle = resolve;
  });

  const finish = (trouble?: Error): void => {
    cancelTimer();
    settle({ confirmed, refused, pending: [...pending], ...(trouble ? { trouble } : {}) });
  };
  const cancelTimer = clock.schedule(timeoutMs, finish);
  const move = (moved: Iterable<string>, into: string[]): void => {
    for (const symbol of [...moved]) if (pending.delete(symbol)) into.push(symbol);
    if (pending.size === 0) finish();
  };
  if (pending.size === 0) finish();

  return {
    outcome,
    confirm: (found) => move(found, confirmed),
    refuse: (symbol) => move(symbol === undefined ? pending : [symbol], refused),
    fail: finish,
  };
}
