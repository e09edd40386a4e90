import type { Clock } from '@naru/core';
import type { ExchangeLimits } from '@naru/exchanges';

/** What this process may still ask of one exchange, over all its targets. */
export interface ConnectionBudget {
  /**
   * Resolves when one more connection may be opened: none faster than the exchange takes them, none beyond what it
   * allows an address. In the order of asking.
   *
   * @returns call it when the connection is gone, or was never opened
   * @throws the signal's reason when it is aborted before
   */
  take(signal?: AbortSignal): Promise<() => void>;
  /** Connections open or being opened. */
  readonly open: number;
  /** Who waits for one. */
  readonly waiting: number;
}

export interface ConnectionBudgetOptions {
  readonly limits: Pick<ExchangeLimits, 'connectionsPerSecond' | 'connectionsPerIp'>;
  readonly clock: Clock;
}

interface Waiter {
  readonly admit: () => void;
}

export function createConnectionBudget({ limits, clock }: ConnectionBudgetOptions): ConnectionBudget {
  const { connectionsPerSecond, connectionsPerIp = Number.POSITIVE_INFINITY } = limits;
  const window = connectionsPerSecond === undefined ? undefined : windowOf(connectionsPerSecond);
  const waiting = new Set<Waiter>();
  let open = 0;
  let cancelTimer: (() => void) | undefined;

  const admitDue = (): void => {
    for (const waiter of waiting) {
      if (open >= connectionsPerIp) return;
      const now = clock.monotonic();
      const freeAt = window?.freeAt() ?? now;
      if (now < freeAt) {
        cancelTimer ??= clock.schedule(freeAt - now, () => {
          cancelTimer = undefined;
          admitDue();
        });
        return;
      }
      window?.use(now);
      open += 1;
      waiting.delete(waiter);
      waiter.admit();
    }
  };

  const giveBackOnce = (): (() => void) => {
    let given = false;
    return () => {
      if (given) return;
      given = true;
      open -= 1;
      admitDue();
    };
  };

  return {
    get open() {
      return open;
    },
    get waiting() {
      return waiting.size;
    },
    take(signal) {
      return new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const abort = (): void => {
          waiting.delete(waiter);
          if (waiting.size === 0) {
            cancelTimer?.();
            cancelTimer = undefined;
          }
          reject(signal?.reason as Error);
        };
        const waiter: Waiter = {
          admit: () => {
            signal?.removeEventListener('abort', abort);
            resolve(giveBackOnce());
          },
        };
        signal?.addEventListener('abort', abort, { once: true });
        waiting.add(waiter);
        admitDue();
      });
    },
  };
}

/** The last uses within a span of time, wherever an exchange begins to count: any span has at most `most` of them. */
interface Window {
  /** Monotonic time from which on one more is allowed. */
  freeAt(): number;
  use(now: number): void;
}

/** What is less than one a second was stated for minutes: so many may come at once, and then no more of them. */
function windowOf(perSecond: number): Window {
  return perSecond >= 1 ? createWindow(Math.floor(perSecond), 1_000) : createWindow(Math.floor(perSecond * 60), 60_000);
}

function createWindow(most: number, spanMs: number): Window {
  const uses: number[] = [];
  return {
    freeAt: () => (uses.length < most ? Number.NEGATIVE_INFINITY : uses[0]! + spanMs),
    use(now) {
      uses.push(now);
      if (uses.length > most) uses.shift();
    },
  };
}

/** One budget for each exchange, shared by all its targets. */
export function createConnectionBudgets(
  clock: Clock,
): (exchange: { readonly name: string; readonly limits: ConnectionBudgetOptions['limits'] }) => ConnectionBudget {
  const budgets = new Map<string, ConnectionBudget>();
  return ({ name, limits }) => {
    let budget = budgets.get(name);
    if (!budget) {
      budget = createConnectionBudget({ limits, clock });
      budgets.set(name, budget);
    }
    return budget;
  };
}
